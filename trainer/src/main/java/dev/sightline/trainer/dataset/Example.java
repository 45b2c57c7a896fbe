package dev.sightline.trainer.dataset;

import dev.sightline.domain.Label;

/** One labelled image. */
public record Example(Photo photo, Label label, Split split) {}
