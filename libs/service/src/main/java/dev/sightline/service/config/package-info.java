/**
 * What each service can be told: one immutable record a service, made of sections, read from defaults, a YAML file and the
 * environment, with every mistake reported at once. What a service does with it is not here.
 */
@NullMarked
package dev.sightline.service.config;

import org.jspecify.annotations.NullMarked;
