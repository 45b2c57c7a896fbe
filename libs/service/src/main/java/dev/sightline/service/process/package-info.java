/**
 * The process a service lives in: command line, configuration, start, waiting for what is not up yet, SIGTERM, drain, exit
 * code. What the service does is not here.
 */
@NullMarked
package dev.sightline.service.process;

import org.jspecify.annotations.NullMarked;
