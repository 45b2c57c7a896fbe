/** What every service needs around its own work: HTTP servers, problems, health and metrics. */
@NullMarked
package dev.sightline.service;

import org.jspecify.annotations.NullMarked;
