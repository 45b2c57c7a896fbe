/** All of Sightline in one process, and its command line. What a service does is in the service. */
@NullMarked
package dev.sightline.standalone;

import org.jspecify.annotations.NullMarked;
