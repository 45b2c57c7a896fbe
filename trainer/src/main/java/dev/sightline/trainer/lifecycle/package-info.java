/**
 * A model version's way through its states, told on {@code model-events}: backfill, cutover, rollback, retirement, and
 * what operators see and say of it. {@link dev.sightline.trainer.lifecycle.ModelLifecycle} decides, on ports;
 * {@link dev.sightline.trainer.lifecycle.ModelCoordinator} runs it, on Kafka, where it is the elected one.
 */
@NullMarked
package dev.sightline.trainer.lifecycle;

import org.jspecify.annotations.NullMarked;
