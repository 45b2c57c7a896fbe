/** Whether a service lives, has started, and can do its work now. */
@NullMarked
package dev.sightline.service.health;

import org.jspecify.annotations.NullMarked;
