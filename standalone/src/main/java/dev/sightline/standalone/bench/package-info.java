/** What is measured rather than tested: {@code sightline bench}. Each benchmark prints a small table and writes JSON. */
@NullMarked
package dev.sightline.standalone.bench;

import org.jspecify.annotations.NullMarked;
