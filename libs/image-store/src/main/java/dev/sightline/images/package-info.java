/**
 * Image bytes: where they are kept ({@link dev.sightline.images.ImageStore}), what they claim to be before anything is
 * decoded ({@link dev.sightline.images.ImageInspector}), and their pixels ({@link dev.sightline.images.ImageDecoder}).
 * What a network makes of the pixels is not here.
 */
@NullMarked
package dev.sightline.images;

import org.jspecify.annotations.NullMarked;
