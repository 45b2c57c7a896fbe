package dev.sightline.trainer.card;

import dev.sightline.images.ImageDecoder;
import dev.sightline.images.ImageLimits;
import dev.sightline.images.RefusedImageException;
import dev.sightline.trainer.evaluation.HeldOutImages;
import dev.sightline.trainer.evaluation.QueryOutcome;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/** A contact sheet of the queries that went worst: a row for each, its first ten results, wrong ones framed in red. */
final class WorstQueries {
    private static final int SHOWN = 10;
    private static final int SIDE = 96;
    private static final int HEADER = 26;
    private static final int GAP = 6;
    private static final Color RIGHT = new Color(34, 139, 84);
    private static final Color WRONG = new Color(200, 46, 46);

    private WorstQueries() {}

    /** @throws IOException if an image or the file cannot be read or written */
    static void write(List<QueryOutcome> worst, HeldOutImages images, Path file) throws IOException {
        var sheet = new BufferedImage(
                GAP + SHOWN * (SIDE + GAP),
                Math.max(1, worst.size()) * (HEADER + SIDE + GAP) + GAP,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
            g.setStroke(new BasicStroke(3));
            for (int row = 0; row < worst.size(); row++) {
                draw(worst.get(row), images, row * (HEADER + SIDE + GAP), g);
            }
        } finally {
            g.dispose();
        }
        ImageIO.write(sheet, "png", file.toFile());
    }

    private static void draw(QueryOutcome outcome, HeldOutImages images, int top, Graphics2D g) throws IOException {
        g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 14));
        g.setColor(Color.DARK_GRAY);
        g.drawString(
                String.format(
                        Locale.ROOT,
                        "%s   (precision@10 %.1f, chance %.2f)",
                        outcome.judged().query().toString().replace('_', ' '),
                        outcome.measures().precisionAt10(),
                        outcome.judged().chance()),
                GAP,
                top + HEADER - 8);
        for (int i = 0; i < Math.min(SHOWN, outcome.ranking().length); i++) {
            int ordinal = outcome.ranking()[i];
            int left = GAP + i * (SIDE + GAP);
            drawSquare(decode(images, ordinal), left, top + HEADER, g);
            g.setColor(outcome.judged().relevant().get(ordinal) ? RIGHT : WRONG);
            g.drawRect(left, top + HEADER, SIDE, SIDE);
        }
    }

    private static void drawSquare(BufferedImage image, int left, int top, Graphics2D g) {
        int side = Math.min(image.getWidth(), image.getHeight());
        int x = (image.getWidth() - side) / 2;
        int y = (image.getHeight() - side) / 2;
        g.drawImage(image, left, top, left + SIDE, top + SIDE, x, y, x + side, y + side, null);
    }

    private static BufferedImage decode(HeldOutImages images, int ordinal) throws IOException {
        try {
            return new ImageDecoder(ImageLimits.DEFAULT)
                    .decode(images.example(ordinal).photo().read());
        } catch (RefusedImageException e) {
            throw new IOException(
                    "cannot show " + images.example(ordinal).photo().name(), e);
        }
    }
}
