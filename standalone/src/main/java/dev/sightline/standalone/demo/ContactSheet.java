package dev.sightline.standalone.demo;

import dev.sightline.domain.AttributeQuery;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** One picture of three queries and the first results of each. */
public final class ContactSheet {
    private static final List<AttributeQuery> QUERIES = List.of(
            AttributeQuery.of(List.of("Eyeglasses"), List.of()),
            AttributeQuery.of(List.of("Male", "Smiling"), List.of()),
            AttributeQuery.of(List.of("Blond_Hair", "Smiling"), List.of("Male")));
    private static final int SHOWN = 8;
    private static final int WIDTH = 134;
    private static final int HEIGHT = 164;
    private static final int HEADER = 34;
    private static final int GAP = 8;

    private ContactSheet() {}

    /** Writes the sheet as PNG and returns where. */
    public static Path write(Path file, StreamedGallery gallery) throws IOException {
        int rows = QUERIES.size();
        var sheet = new BufferedImage(
                GAP + SHOWN * (WIDTH + GAP), GAP + rows * (HEADER + HEIGHT + GAP), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = sheet.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            g.setColor(Color.WHITE);
            g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
            g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
            for (int row = 0; row < rows; row++) {
                int top = GAP + row * (HEADER + HEIGHT + GAP);
                g.setColor(new Color(30, 34, 42));
                g.drawString(QUERIES.get(row).toString().replace('_', ' '), GAP, top + 22);
                List<Integer> results = gallery.search(QUERIES.get(row));
                for (int i = 0; i < Math.min(SHOWN, results.size()); i++) {
                    BufferedImage image = ImageIO.read(new ByteArrayInputStream(
                            gallery.photo(results.get(i)).read()));
                    g.drawImage(image, GAP + i * (WIDTH + GAP), top + HEADER, WIDTH, HEIGHT, null);
                }
            }
        } finally {
            g.dispose();
        }
        ImageIO.write(sheet, "png", file.toFile());
        return file;
    }
}
