package dev.sightline.trainer.dataset;

import dev.sightline.domain.Label;
import java.nio.file.Path;

/** One labelled image. */
public record Example(Path file, Label label, Split split) {}
