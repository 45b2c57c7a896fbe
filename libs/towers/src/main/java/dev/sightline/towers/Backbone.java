package dev.sightline.towers;

/** The image tower's trunk. */
public enum Backbone {
    /** Four plain convolutions: for tests, and for machines with little time. */
    SMALL_CNN,
    RESNET18,
    RESNET34,
    RESNET50
}
