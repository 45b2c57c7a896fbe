/**
 * What every service needs around its own work: an HTTP server and its problems; configuration, health and the process are packages
 * of their own.
 */
@NullMarked
package dev.sightline.service;

import org.jspecify.annotations.NullMarked;
