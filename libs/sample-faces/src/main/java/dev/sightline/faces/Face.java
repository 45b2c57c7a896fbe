package dev.sightline.faces;

import java.awt.Color;
import java.util.EnumSet;
import java.util.Set;

/**
 * A person: what can be asked of them, and what cannot.
 *
 * @param fullBeard whether cheeks and chin are covered, not just the chin
 */
record Face(Set<FaceAttribute> attributes, Color skin, Color hair, double jaw, double eyeDistance, boolean fullBeard) {
    Face {
        attributes = attributes.isEmpty() ? EnumSet.noneOf(FaceAttribute.class) : EnumSet.copyOf(attributes);
    }

    boolean has(FaceAttribute attribute) {
        return attributes.contains(attribute);
    }
}
