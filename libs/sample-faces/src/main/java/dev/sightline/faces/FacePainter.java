package dev.sightline.faces;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Random;

/**
 * Paints a portrait as a camera would have caught it: some pose, some light, something behind, noise. The same seed gives
 * the same pixels.
 */
final class FacePainter {
    static final int WIDTH = 178;
    static final int HEIGHT = 218;

    BufferedImage paint(Face face, Random random) {
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        try {
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            background(g, random);
            AffineTransform camera = g.getTransform();
            pose(g, random);
            head(g, face, random);
            g.setTransform(camera);
            light(g, random);
            if (random.nextInt(20) == 0) {
                occlude(g, random);
            }
        } finally {
            g.dispose();
        }
        sensor(image, random);
        return image;
    }

    private static void head(Graphics2D g, Face face, Random random) {
        var head = new HeadPainter(g, face, random);
        Color shirt = Color.getHSBColor(random.nextFloat(), random.nextFloat(), 0.15f + 0.8f * random.nextFloat());
        head.paintBehindHead();
        head.paintBody(shirt);
        head.paintHead();
        head.paintEarrings();
        AffineTransform frontal = g.getTransform();
        // Turning the head moves its features sideways and narrows them.
        double yaw = 2 * random.nextDouble() - 1;
        g.translate(7 * yaw, 0);
        g.scale(1 - 0.08 * Math.abs(yaw), 1);
        new FeaturePainter(g, face, random).paint(head.head());
        g.setTransform(frontal);
        head.paintHairInFront();
        head.paintHat();
    }

    private static void pose(Graphics2D g, Random random) {
        double scale = 0.86 + 0.16 * random.nextDouble();
        g.translate(WIDTH / 2.0 + spread(random, 9), 104 + spread(random, 8));
        g.rotate(spread(random, 0.16));
        g.scale(scale, scale);
    }

    private static void background(Graphics2D g, Random random) {
        g.setPaint(new GradientPaint(0, 0, colour(random), spreadTo(random, WIDTH), HEIGHT, colour(random)));
        g.fill(new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        int shapes = random.nextInt(9);
        for (int i = 0; i < shapes; i++) {
            g.setColor(HeadPainter.alpha(colour(random), 60 + random.nextInt(160)));
            double size = 20 + 90 * random.nextDouble();
            double x = WIDTH * random.nextDouble() - size / 2;
            double y = HEIGHT * random.nextDouble() - size / 2;
            g.fill(
                    random.nextBoolean()
                            ? new Ellipse2D.Double(x, y, size, size)
                            : new Rectangle2D.Double(x, y, size, size * (0.3 + random.nextDouble())));
        }
    }

    /** A shadow from one side, and a cast of colour over all. */
    private static void light(Graphics2D g, Random random) {
        int dark = random.nextInt(85);
        boolean left = random.nextBoolean();
        g.setPaint(new GradientPaint(
                left ? 0 : WIDTH,
                spreadTo(random, HEIGHT),
                new Color(0, 0, 0, dark),
                left ? WIDTH : 0,
                spreadTo(random, HEIGHT),
                new Color(255, 255, 255, random.nextInt(30))));
        g.fill(new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
        g.setColor(HeadPainter.alpha(colour(random), random.nextInt(26)));
        g.fill(new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    }

    /** Something that got into the picture at its lower edge or corner, clear of the face. */
    private static void occlude(Graphics2D g, Random random) {
        g.setColor(colour(random));
        g.setStroke(new BasicStroke(14 + random.nextInt(16), BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        int x = random.nextBoolean() ? 4 : WIDTH - 4;
        g.drawLine(x, HEIGHT, x + (int) spread(random, 10), HEIGHT - 40 - random.nextInt(60));
    }

    private static void sensor(BufferedImage image, Random random) {
        double noise = 2 + 9 * random.nextDouble();
        double gain = 0.88 + 0.24 * random.nextDouble();
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int rgb = image.getRGB(x, y);
                int grain = (int) (noise * (random.nextInt(201) - 100) / 100.0);
                image.setRGB(
                        x,
                        y,
                        level((rgb >> 16) & 0xff, gain, grain) << 16
                                | level((rgb >> 8) & 0xff, gain, grain) << 8
                                | level(rgb & 0xff, gain, grain));
            }
        }
    }

    private static int level(int value, double gain, int grain) {
        return Math.clamp((int) (value * gain) + grain, 0, 255);
    }

    private static Color colour(Random random) {
        return Color.getHSBColor(random.nextFloat(), random.nextFloat(), random.nextFloat());
    }

    private static double spread(Random random, double most) {
        return most * (2 * random.nextDouble() - 1);
    }

    private static int spreadTo(Random random, int most) {
        return random.nextInt(most);
    }
}
