package dev.sightline.images;

/** What an image's header says. */
public record ImageInfo(ImageFormat format, int width, int height) {}
