/** The commands; each is one screen of what happens, in order. */
@NullMarked
package dev.sightline.standalone.command;

import org.jspecify.annotations.NullMarked;
