package dev.sightline.towers;

import java.util.Locale;

/** The image tower up to its head. */
public enum Backbone {
    /** Four plain convolutions: for tests, and for machines with little time. */
    SMALL_CNN,
    RESNET18,
    RESNET34,
    RESNET50,
    /** One that was made elsewhere, most often pretrained, and comes as a TorchScript file. */
    TORCHSCRIPT;

    /** As it is named on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
