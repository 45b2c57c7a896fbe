/**
 * The two-tower model: an image tower (CNN) and a query tower (MLP) that end in one embedding space, and the bundle both
 * are kept in. How they are learned is in {@code trainer}.
 */
@NullMarked
package dev.sightline.towers;

import org.jspecify.annotations.NullMarked;
