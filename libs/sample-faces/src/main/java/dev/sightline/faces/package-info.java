/**
 * A procedural face painter: portraits with known attributes, from a seed, in the CelebA layout. For demonstrations and
 * tests where no dataset may be had; nothing here knows of networks.
 */
@NullMarked
package dev.sightline.faces;

import org.jspecify.annotations.NullMarked;
