package dev.sightline.faces;

import dev.sightline.domain.AttributeSchema;
import java.util.stream.Stream;

/** What a painted face can have, under CelebA's names. */
public enum FaceAttribute {
    BALD("Bald"),
    BANGS("Bangs"),
    BIG_NOSE("Big_Nose"),
    BLACK_HAIR("Black_Hair"),
    BLOND_HAIR("Blond_Hair"),
    BROWN_HAIR("Brown_Hair"),
    BUSHY_EYEBROWS("Bushy_Eyebrows"),
    EYEGLASSES("Eyeglasses"),
    GOATEE("Goatee"),
    GRAY_HAIR("Gray_Hair"),
    MALE("Male"),
    MOUTH_SLIGHTLY_OPEN("Mouth_Slightly_Open"),
    MUSTACHE("Mustache"),
    NARROW_EYES("Narrow_Eyes"),
    NO_BEARD("No_Beard"),
    PALE_SKIN("Pale_Skin"),
    RECEDING_HAIRLINE("Receding_Hairline"),
    ROSY_CHEEKS("Rosy_Cheeks"),
    SMILING("Smiling"),
    STRAIGHT_HAIR("Straight_Hair"),
    WAVY_HAIR("Wavy_Hair"),
    WEARING_EARRINGS("Wearing_Earrings"),
    WEARING_HAT("Wearing_Hat"),
    WEARING_LIPSTICK("Wearing_Lipstick"),
    WEARING_NECKTIE("Wearing_Necktie"),
    YOUNG("Young");

    /** All of them, in order. */
    public static final AttributeSchema SCHEMA = new AttributeSchema(
            "painted-faces",
            Stream.of(values()).map(attribute -> attribute.celebaName).toList());

    private final String celebaName;

    FaceAttribute(String celebaName) {
        this.celebaName = celebaName;
    }

    public String celebaName() {
        return celebaName;
    }
}
