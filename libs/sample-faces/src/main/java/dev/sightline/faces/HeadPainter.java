package dev.sightline.faces;

import static dev.sightline.faces.FaceAttribute.*;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.Random;

/**
 * Paints head, hair and clothes around the origin: the head is about 90 wide and 120 high, the eyes lie on y = 0.
 */
final class HeadPainter {
    private static final double TOP = -62;
    private static final double CHIN = 62;

    private final Graphics2D g;
    private final Face face;
    private final Random random;

    HeadPainter(Graphics2D g, Face face, Random random) {
        this.g = g;
        this.face = face;
        this.random = random;
    }

    void paintBehindHead() {
        if (!face.has(BALD) && !face.has(MALE)) {
            g.setColor(face.hair().darker());
            g.fill(mane());
            strands(mane(), face.hair());
        }
    }

    void paintBody(Color shirt) {
        Color skin = FaceSampler.blend(face.skin(), Color.BLACK, 0.14);
        double neck = face.has(MALE) ? 27 : 19;
        g.setColor(skin);
        g.fill(new Path2D.Double(new java.awt.geom.Rectangle2D.Double(-neck, 38, 2 * neck, 46)));
        var shoulders = new Path2D.Double();
        double width = face.has(MALE) ? 92 : 74;
        shoulders.moveTo(-width, 150);
        shoulders.curveTo(-width, 92, -neck - 14, 84, -neck - 2, 72);
        shoulders.quadTo(0, 98, neck + 2, 72);
        shoulders.curveTo(neck + 14, 84, width, 92, width, 150);
        shoulders.closePath();
        g.setColor(shirt);
        g.fill(shoulders);
        if (face.has(WEARING_NECKTIE)) {
            necktie(shirt);
        }
    }

    private void necktie(Color shirt) {
        g.setColor(Color.WHITE);
        g.fill(polygon(-24, 74, 0, 90, 24, 74, 30, 86, 6, 104, -6, 104, -30, 86));
        Color tie = Color.getHSBColor(random.nextFloat(), 0.85f, 0.5f);
        g.setColor(tie);
        g.fill(polygon(-7, 86, 7, 86, 5, 96, 12, 150, -12, 150, -5, 96));
        g.setColor(FaceSampler.blend(tie, Color.BLACK, 0.4));
        g.setStroke(new BasicStroke(1.4f));
        g.draw(polygon(-7, 86, 7, 86, 5, 96, -5, 96));
    }

    void paintHead() {
        Color shade = FaceSampler.blend(face.skin(), Color.BLACK, 0.12);
        for (int side : new int[] {-1, 1}) {
            g.setColor(shade);
            g.fill(new Ellipse2D.Double(side * 47 - 8, -8, 16, 26));
        }
        g.setColor(face.skin());
        g.fill(head());
        if (!face.has(YOUNG)) {
            wrinkles();
        }
    }

    void paintEarrings() {
        if (!face.has(WEARING_EARRINGS)) {
            return;
        }
        Color metal = random.nextBoolean() ? new Color(250, 205, 60) : new Color(225, 232, 245);
        for (int side : new int[] {-1, 1}) {
            g.setColor(metal);
            g.fill(new Ellipse2D.Double(side * 50 - 5, 17, 10, 10));
            g.fill(new Ellipse2D.Double(side * 50 - 3.5, 26, 7, 12));
            g.setColor(new Color(90, 60, 20, 160));
            g.setStroke(new BasicStroke(1));
            g.draw(new Ellipse2D.Double(side * 50 - 5, 17, 10, 10));
        }
    }

    private void wrinkles() {
        g.setColor(alpha(FaceSampler.blend(face.skin(), new Color(60, 25, 10), 0.55), 190));
        g.setStroke(new BasicStroke(1.5f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        for (int i = 0; i < 3; i++) {
            double y = -36 + i * 6;
            line(-22, y + 1, 0, y - 3, 22, y + 1);
        }
        for (int side : new int[] {-1, 1}) {
            line(side * 15, 22, side * 23, 27, side * 25, 38);
            line(side * 34, 2, side * 38, 1, side * 42, -3);
            line(side * 34, 4, side * 38, 5, side * 42, 6);
            line(side * 12, 10, side * 20, 14, side * 29, 10);
        }
    }

    void paintHairInFront() {
        if (face.has(BALD)) {
            return;
        }
        Color hair = face.hair();
        double hairline = face.has(RECEDING_HAIRLINE) ? -52 : -38;
        var cap = new Path2D.Double();
        cap.moveTo(-49, face.has(MALE) ? 4 : 12);
        cap.curveTo(-58, -50, -40, TOP - 14, 0, TOP - 14);
        cap.curveTo(40, TOP - 14, 58, -50, 49, face.has(MALE) ? 4 : 12);
        cap.quadTo(44, -18, face.has(RECEDING_HAIRLINE) ? 36 : 38, hairline + 6);
        if (face.has(RECEDING_HAIRLINE)) {
            cap.quadTo(30, -66, 16, -58);
            cap.quadTo(0, -46, -16, -58);
            cap.quadTo(-30, -66, -36, hairline + 6);
        } else {
            cap.curveTo(18, hairline - 10, -18, hairline - 10, -38, hairline + 6);
        }
        cap.quadTo(-44, -18, -49, face.has(MALE) ? 4 : 12);
        cap.closePath();
        g.setColor(hair);
        g.fill(cap);
        strands(cap, FaceSampler.blend(hair, Color.BLACK, 0.3));
        if (face.has(WAVY_HAIR)) {
            curls(hair);
        }
        if (face.has(BANGS)) {
            bangs(hair);
        }
    }

    private void bangs(Color hair) {
        var fringe = new Path2D.Double();
        fringe.moveTo(-42, -50);
        fringe.lineTo(-40, -16);
        for (int i = 0; i < 8; i++) {
            double x = -40 + i * 10;
            fringe.quadTo(x + 5, -6 - random.nextInt(4), x + 10, -18);
        }
        fringe.lineTo(42, -50);
        fringe.closePath();
        g.setColor(FaceSampler.blend(hair, Color.BLACK, 0.08));
        g.fill(fringe);
        strands(fringe, FaceSampler.blend(hair, Color.BLACK, 0.35));
    }

    private void curls(Color hair) {
        boolean longHair = !face.has(MALE);
        int count = longHair ? 26 : 15;
        for (int i = 0; i < count; i++) {
            double angle = Math.PI * (longHair ? 0.75 + 1.5 * i / (count - 1) : 1 + (double) i / (count - 1));
            double x = (longHair ? 58 : 50) * Math.cos(angle);
            double y = -14 + (longHair ? 66 : 58) * Math.sin(angle);
            g.setColor(FaceSampler.blend(hair, i % 2 == 0 ? Color.BLACK : Color.WHITE, 0.16));
            g.fill(new Ellipse2D.Double(x - 9, y - 9, 18, 18));
        }
    }

    /** Straight strands, or wavy ones, within a shape. */
    private void strands(java.awt.Shape shape, Color colour) {
        var clip = g.getClip();
        g.clip(shape);
        g.setColor(alpha(colour, 170));
        g.setStroke(new BasicStroke(1.3f));
        boolean wavy = face.has(WAVY_HAIR);
        for (int x = -70; x <= 70; x += 5) {
            var strand = new Path2D.Double();
            strand.moveTo(x, -90);
            for (int y = -90; y < 90; y += 10) {
                double swing = wavy ? ((y / 10) % 2 == 0 ? 6 : -6) : 0;
                strand.quadTo(x + swing, y + 5, x, y + 10);
            }
            g.draw(strand);
        }
        g.setClip(clip);
    }

    void paintHat() {
        if (!face.has(WEARING_HAT)) {
            return;
        }
        Color felt = Color.getHSBColor(
                random.nextFloat(), 0.3f + 0.6f * random.nextFloat(), 0.25f + 0.6f * random.nextFloat());
        g.setColor(felt);
        var crown = new Path2D.Double();
        crown.moveTo(-48, -32);
        crown.curveTo(-50, -100, 50, -100, 48, -32);
        crown.closePath();
        g.fill(crown);
        g.setColor(FaceSampler.blend(felt, Color.BLACK, 0.35));
        g.fill(new Ellipse2D.Double(-64, -42, 128, 18));
        g.setColor(FaceSampler.blend(felt, Color.WHITE, 0.5));
        g.fill(polygon(-48, -50, 48, -50, 49, -40, -49, -40));
    }

    private Path2D mane() {
        boolean wavy = face.has(WAVY_HAIR);
        var mane = new Path2D.Double();
        mane.moveTo(-40, -60);
        mane.curveTo(-76, -40, -62, 40, wavy ? -74 : -58, 92);
        mane.lineTo(wavy ? 74 : 58, 92);
        mane.curveTo(62, 40, 76, -40, 40, -60);
        mane.quadTo(0, -96, -40, -60);
        mane.closePath();
        return mane;
    }

    /** The outline of the face: {@code jaw} 0 narrow and round, 1 wide and square. */
    Path2D head() {
        double jaw = 20 + 22 * face.jaw();
        var head = new Path2D.Double();
        head.moveTo(0, TOP);
        head.curveTo(34, TOP, 50, -34, 48, 0);
        head.curveTo(48, 26, jaw + 8, 46, jaw - 6, 54);
        head.quadTo(10 + 6 * face.jaw(), CHIN + 3, 0, CHIN + 3);
        head.quadTo(-10 - 6 * face.jaw(), CHIN + 3, -jaw + 6, 54);
        head.curveTo(-jaw - 8, 46, -48, 26, -48, 0);
        head.curveTo(-50, -34, -34, TOP, 0, TOP);
        head.closePath();
        return head;
    }

    private void line(double x1, double y1, double cx, double cy, double x2, double y2) {
        g.draw(new java.awt.geom.QuadCurve2D.Double(x1, y1, cx, cy, x2, y2));
    }

    static Path2D polygon(double... points) {
        var polygon = new Path2D.Double();
        polygon.moveTo(points[0], points[1]);
        for (int i = 2; i < points.length; i += 2) {
            polygon.lineTo(points[i], points[i + 1]);
        }
        polygon.closePath();
        return polygon;
    }

    static Color alpha(Color colour, int alpha) {
        return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
    }
}
