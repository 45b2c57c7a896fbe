/** The demonstration: faces, training, streaming, and a table that says how well they are found. */
@NullMarked
package dev.sightline.standalone.demo;

import org.jspecify.annotations.NullMarked;
