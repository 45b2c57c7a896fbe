package dev.sightline.trainer.lifecycle;

import dev.sightline.domain.ImageId;
import dev.sightline.events.BackfillFailed;
import dev.sightline.events.ModelStateChanged;
import java.util.Map;

/** Images that a version cannot hold, as embed workers tell. */
interface FailedImages {
    /** As many are remembered; a version that fails on so many is no version to go over to. */
    int MOST = 200_000;

    /** Those of the version's present backfill, with the last failure of each. A view; bounded. */
    Map<ImageId, BackfillFailed> of(ModelStateChanged version);
}
