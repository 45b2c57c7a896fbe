package dev.sightline.domain;

import java.util.List;

/** An attribute was named that the schema in use does not have. */
public final class UnknownAttributeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String attribute;
    private final transient List<String> nearest;

    public UnknownAttributeException(AttributeSchema schema, String attribute) {
        super(message(schema, attribute, schema.nearest(attribute)));
        this.attribute = attribute;
        this.nearest = schema.nearest(attribute);
    }

    public String attribute() {
        return attribute;
    }

    /** Attributes of like name, nearest first. */
    public List<String> nearest() {
        return nearest;
    }

    private static String message(AttributeSchema schema, String attribute, List<String> nearest) {
        return "unknown attribute '" + attribute + "'; "
                + (nearest.isEmpty()
                        ? "known are " + String.join(", ", schema.attributes())
                        : "did you mean " + String.join(" or ", nearest) + "?");
    }
}
