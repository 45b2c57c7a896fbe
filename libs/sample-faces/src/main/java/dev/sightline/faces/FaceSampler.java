package dev.sightline.faces;

import static dev.sightline.faces.FaceAttribute.*;

import java.awt.Color;
import java.util.EnumSet;
import java.util.Random;

/**
 * Draws people whose attributes go together as in life: beards and neckties are men's, lipstick and earrings mostly
 * women's, grey hair comes with age. Contradictions are never drawn, nor is an attribute another one would hide: a hat
 * covers bangs, baldness and the hairline.
 */
final class FaceSampler {
    private final Random random;

    FaceSampler(Random random) {
        this.random = random;
    }

    Face sample() {
        EnumSet<FaceAttribute> has = EnumSet.noneOf(FaceAttribute.class);
        boolean male = add(has, MALE, 0.5);
        boolean young = add(has, YOUNG, 0.6);
        hair(has, male, young);
        boolean fullBeard = beard(has, male);
        add(has, BIG_NOSE, male ? 0.4 : 0.2);
        add(has, BUSHY_EYEBROWS, male ? 0.4 : 0.18);
        add(has, NARROW_EYES, 0.25);
        add(has, EYEGLASSES, young ? 0.2 : 0.4);
        add(has, SMILING, 0.48);
        add(has, MOUTH_SLIGHTLY_OPEN, has.contains(SMILING) ? 0.6 : 0.25);
        add(has, WEARING_LIPSTICK, male ? 0.02 : 0.6);
        add(has, WEARING_EARRINGS, male ? 0.06 : 0.5);
        add(has, WEARING_NECKTIE, male ? 0.35 : 0.04);
        boolean pale = add(has, PALE_SKIN, 0.2);
        add(has, ROSY_CHEEKS, male ? 0.12 : 0.35);
        return new Face(
                has, skin(pale), hairColour(has), (male ? 0.78 : 0.45) + spread(0.12), 1 + spread(0.08), fullBeard);
    }

    private void hair(EnumSet<FaceAttribute> has, boolean male, boolean young) {
        boolean hat = add(has, WEARING_HAT, 0.16);
        if (!hat && male && add(has, BALD, young ? 0.12 : 0.34)) {
            return;
        }
        double point = random.nextDouble();
        double gray = young ? 0.06 : 0.5;
        double rest = 1 - gray;
        has.add(
                point < gray
                        ? GRAY_HAIR
                        : point < gray + rest * 0.36
                                ? BLACK_HAIR
                                : point < gray + rest * 0.68 ? BROWN_HAIR : BLOND_HAIR);
        has.add(random.nextDouble() < (male ? 0.35 : 0.5) ? WAVY_HAIR : STRAIGHT_HAIR);
        if (!hat && !add(has, BANGS, male ? 0.2 : 0.38)) {
            add(has, RECEDING_HAIRLINE, male ? (young ? 0.18 : 0.5) : 0.1);
        }
    }

    private boolean beard(EnumSet<FaceAttribute> has, boolean male) {
        if (!male || random.nextDouble() < 0.42) {
            has.add(NO_BEARD);
            return false;
        }
        double kind = random.nextDouble();
        if (kind < 0.35) {
            has.add(GOATEE);
            add(has, MUSTACHE, 0.5);
            return false;
        }
        if (kind < 0.6) {
            has.add(MUSTACHE);
            // A moustache alone is no beard.
            has.add(NO_BEARD);
            return false;
        }
        add(has, MUSTACHE, 0.5);
        return true;
    }

    private Color skin(boolean pale) {
        if (pale) {
            return blend(new Color(253, 240, 232), new Color(247, 228, 220), random.nextDouble());
        }
        return blend(new Color(224, 172, 132), new Color(112, 70, 46), random.nextDouble());
    }

    private Color hairColour(EnumSet<FaceAttribute> has) {
        Color base = has.contains(BLACK_HAIR)
                ? new Color(24, 20, 20)
                : has.contains(BLOND_HAIR)
                        ? new Color(228, 194, 106)
                        : has.contains(GRAY_HAIR) ? new Color(176, 178, 182) : new Color(104, 62, 34);
        return blend(base, base.brighter(), random.nextDouble() * 0.25);
    }

    static Color blend(Color from, Color to, double share) {
        return new Color(
                (int) (from.getRed() + share * (to.getRed() - from.getRed())),
                (int) (from.getGreen() + share * (to.getGreen() - from.getGreen())),
                (int) (from.getBlue() + share * (to.getBlue() - from.getBlue())));
    }

    private boolean add(EnumSet<FaceAttribute> has, FaceAttribute attribute, double probability) {
        boolean drawn = random.nextDouble() < probability;
        if (drawn) {
            has.add(attribute);
        }
        return drawn;
    }

    private double spread(double most) {
        return most * (2 * random.nextDouble() - 1);
    }
}
