package dev.sightline.trainer.dataset;

/** What an example is for. */
public enum Split {
    TRAIN,
    VALIDATION,
    TEST;

    /** Where nobody chose: one name in ten is for validation and one in ten for the test, always the same ones. */
    public static Split ofName(String name) {
        return switch (Math.floorMod(name.hashCode() * 0x9E3779B1, 10)) {
            case 0 -> VALIDATION;
            case 1 -> TEST;
            default -> TRAIN;
        };
    }
}
