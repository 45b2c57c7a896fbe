package dev.sightline.faces;

import static dev.sightline.faces.FaceAttribute.*;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.geom.Arc2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.QuadCurve2D;
import java.awt.geom.RoundRectangle2D;
import java.util.Random;

/** Paints what is in a face: eyes, brows, nose, mouth, beard, glasses. Coordinates as in {@link HeadPainter}. */
final class FeaturePainter {
    private static final Color[] IRISES = {
        new Color(74, 48, 30), new Color(64, 110, 150), new Color(80, 120, 70), new Color(110, 100, 90)
    };

    private final Graphics2D g;
    private final Face face;
    private final Random random;

    FeaturePainter(Graphics2D g, Face face, Random random) {
        this.g = g;
        this.face = face;
        this.random = random;
    }

    void paint(Path2D head) {
        if (face.has(ROSY_CHEEKS)) {
            cheeks();
        }
        beard(head);
        double eye = 20 * face.eyeDistance();
        Color iris = IRISES[random.nextInt(IRISES.length)];
        eye(-eye, iris);
        eye(eye, iris);
        brow(-eye);
        brow(eye);
        nose();
        mouth();
        if (face.has(MUSTACHE)) {
            moustache();
        }
        if (face.has(EYEGLASSES)) {
            glasses(eye);
        }
    }

    private void cheeks() {
        for (int side : new int[] {-1, 1}) {
            float x = side * 28;
            g.setPaint(new RadialGradientPaint(
                    x, 24, 17, new float[] {0, 1}, new Color[] {new Color(238, 50, 70, 190), new Color(238, 50, 70, 0)
                    }));
            g.fill(new Ellipse2D.Double(x - 17, 7, 34, 34));
        }
    }

    private void eye(double x, Color iris) {
        double height = face.has(NARROW_EYES) ? 3.2 : 9;
        var white = new Ellipse2D.Double(x - 10.5, -height, 21, 2 * height);
        g.setColor(new Color(250, 250, 248));
        g.fill(white);
        var clip = g.getClip();
        g.clip(white);
        g.setColor(iris);
        g.fill(new Ellipse2D.Double(x - 6, -6, 12, 12));
        g.setColor(Color.BLACK);
        g.fill(new Ellipse2D.Double(x - 3, -3, 6, 6));
        g.setColor(Color.WHITE);
        g.fill(new Ellipse2D.Double(x, -3.5, 3, 3));
        g.setClip(clip);
        g.setColor(new Color(40, 24, 20));
        g.setStroke(new BasicStroke(face.has(MALE) ? 1.5f : 2.6f));
        g.draw(new Arc2D.Double(x - 10.5, -height, 21, 2 * height, 0, 180, Arc2D.OPEN));
        if (!face.has(MALE)) {
            double out = Math.signum(x);
            for (int i = 0; i < 3; i++) {
                double from = x + out * (5 + 2.5 * i);
                g.draw(new Line2D.Double(from, -height + 1 + i, from + out * 4, -height - 3 + i));
            }
        }
    }

    private void brow(double x) {
        Color dark = face.has(GRAY_HAIR) ? new Color(120, 120, 122) : new Color(50, 32, 22);
        g.setColor(face.has(BLOND_HAIR) ? new Color(140, 104, 50) : dark);
        boolean bushy = face.has(BUSHY_EYEBROWS);
        g.setStroke(new BasicStroke(bushy ? 7.5f : 2.2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        double side = Math.signum(x);
        g.draw(new QuadCurve2D.Double(x - side * 11, -15, x, -21, x + side * 12, -15));
        if (bushy) {
            g.setStroke(new BasicStroke(1.4f));
            for (int i = -10; i <= 10; i += 3) {
                g.draw(new Line2D.Double(x + i, -15, x + i + side * 3, -24));
            }
        }
    }

    private void nose() {
        boolean big = face.has(BIG_NOSE);
        double width = big ? 17 : 7.5;
        Color shade = FaceSampler.blend(face.skin(), new Color(90, 40, 20), 0.4);
        if (big) {
            g.setColor(FaceSampler.blend(face.skin(), new Color(200, 90, 60), 0.22));
            g.fill(new Ellipse2D.Double(-width, 10, 2 * width, 20));
        }
        g.setColor(shade);
        g.setStroke(new BasicStroke(big ? 2.4f : 1.7f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(new QuadCurve2D.Double(-width * 0.35, -4, -width * 0.9, 10, -width, 22));
        g.draw(new QuadCurve2D.Double(-width, 24, 0, big ? 34 : 29, width, 24));
        g.setColor(FaceSampler.blend(shade, Color.BLACK, 0.4));
        double nostril = big ? 5 : 2.6;
        g.fill(new Ellipse2D.Double(-width * 0.5 - nostril / 2, 23, nostril, nostril * 0.7));
        g.fill(new Ellipse2D.Double(width * 0.5 - nostril / 2, 23, nostril, nostril * 0.7));
    }

    private void mouth() {
        boolean smiling = face.has(SMILING);
        boolean open = face.has(MOUTH_SLIGHTLY_OPEN);
        boolean lipstick = face.has(WEARING_LIPSTICK);
        Color lips = lipstick
                ? Color.getHSBColor(0.96f + 0.05f * random.nextFloat(), 0.92f, 0.78f)
                : FaceSampler.blend(face.skin(), new Color(150, 60, 55), 0.4);
        double width = smiling ? 21 : 14;
        double corner = smiling ? 37 : 43;
        double middle = smiling ? 49 : 42;
        var inner = new Path2D.Double();
        inner.moveTo(-width, corner);
        inner.quadTo(0, middle - (open ? 4 : 0), width, corner);
        inner.quadTo(0, middle + (open ? 13 : 0), -width, corner);
        inner.closePath();
        if (open) {
            g.setColor(new Color(70, 16, 20));
            g.fill(inner);
            var clip = g.getClip();
            g.clip(inner);
            g.setColor(new Color(248, 246, 240));
            g.fill(new RoundRectangle2D.Double(-width + 3, corner - 3, 2 * width - 6, smiling ? 10 : 4, 4, 4));
            g.setClip(clip);
        }
        g.setColor(lips);
        g.setStroke(new BasicStroke(lipstick ? 6f : 2.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        g.draw(inner);
        if (smiling) {
            g.setColor(HeadPainter.alpha(FaceSampler.blend(face.skin(), Color.BLACK, 0.4), 200));
            g.setStroke(new BasicStroke(1.6f));
            g.draw(new Arc2D.Double(-width - 6, corner - 7, 8, 12, 110, 140, Arc2D.OPEN));
            g.draw(new Arc2D.Double(width - 2, corner - 7, 8, 12, -70, 140, Arc2D.OPEN));
        }
    }

    private void beard(Path2D head) {
        Color colour = face.has(BALD) ? new Color(60, 42, 32) : FaceSampler.blend(face.hair(), Color.BLACK, 0.15);
        if (face.fullBeard()) {
            var clip = g.getClip();
            var beard = new Path2D.Double();
            beard.moveTo(-54, 8);
            beard.quadTo(-34, 26, -24, 30);
            beard.quadTo(0, 40, 24, 30);
            beard.quadTo(34, 26, 54, 8);
            beard.lineTo(54, 80);
            beard.lineTo(-54, 80);
            beard.closePath();
            g.clip(head);
            g.setColor(HeadPainter.alpha(colour, 235));
            g.fill(beard);
            g.setClip(clip);
        } else if (face.has(GOATEE)) {
            g.setColor(colour);
            var goatee = new Path2D.Double();
            goatee.moveTo(-15, 51);
            goatee.quadTo(0, 56, 15, 51);
            goatee.quadTo(14, 74, 0, 78);
            goatee.quadTo(-14, 74, -15, 51);
            goatee.closePath();
            g.fill(goatee);
        }
    }

    private void moustache() {
        g.setColor(face.has(BALD) ? new Color(50, 34, 26) : FaceSampler.blend(face.hair(), Color.BLACK, 0.35));
        for (int side : new int[] {-1, 1}) {
            var half = new Path2D.Double();
            half.moveTo(0, 30);
            half.quadTo(side * 14, 27, side * 23, 37);
            half.quadTo(side * 12, 39, 0, 36);
            half.closePath();
            g.fill(half);
        }
    }

    private void glasses(double eye) {
        Color frame = random.nextInt(3) == 0 ? new Color(120, 40, 30) : new Color(22, 22, 26);
        boolean round = random.nextBoolean();
        for (int side : new int[] {-1, 1}) {
            double x = side * eye;
            var lens = round
                    ? new RoundRectangle2D.Double(x - 15, -13, 30, 27, 27, 27)
                    : new RoundRectangle2D.Double(x - 16, -11, 32, 23, 7, 7);
            g.setColor(new Color(200, 225, 255, 50));
            g.fill(lens);
            g.setColor(frame);
            g.setStroke(new BasicStroke(3.2f));
            g.draw(lens);
            g.draw(new Line2D.Double(x + side * 15, -3, side * 49, -6));
        }
        g.draw(new QuadCurve2D.Double(-eye + 15, -2, 0, -7, eye - 15, -2));
    }
}
