/** Images, attributes, queries and model versions: records and rules, no framework. */
@NullMarked
package dev.sightline.domain;

import org.jspecify.annotations.NullMarked;
