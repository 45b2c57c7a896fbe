/** Attribute queries over HTTP, answered by one model version at a time, and the page that asks them. */
@NullMarked
package dev.sightline.search;

import org.jspecify.annotations.NullMarked;
