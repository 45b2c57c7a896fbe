package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ImageId;
import dev.sightline.events.ModelStateChanged;
import java.util.List;
import java.util.Map;

/** The embed workers, as far as a coordinator must know them. */
interface EmbedFleet {

    /**
     * Workers that may still handle an image without writing it to this version, each with what is known of why. Empty
     * means: every image event handled from now on is written there.
     */
    List<String> notWriting(ModelStateChanged version);

    /** Some jobs that workers cannot finish, with the reason. */
    Map<ImageId, String> retrying();
}
