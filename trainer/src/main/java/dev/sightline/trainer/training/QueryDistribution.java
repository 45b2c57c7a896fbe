package dev.sightline.trainer.training;

import java.util.List;

/**
 * Which queries training asks: its attribute dropout and its balance.
 *
 * @param sizes how often a query asks 1, 2, 3, … attributes, relative to each other
 * @param balance how much oftener rare values are asked than they occur: each by its share to the power of −balance. 0 for
 *     as they occur, 1 for all alike
 */
public record QueryDistribution(List<Double> sizes, double balance) {
    public static final QueryDistribution DEFAULT =
            new QueryDistribution(List.of(0.3, 0.25, 0.2, 0.12, 0.08, 0.05), 0.5);

    public QueryDistribution {
        sizes = List.copyOf(sizes);
        if (!(sizes.stream().mapToDouble(Double::doubleValue).sum() > 0)
                || sizes.stream().anyMatch(share -> !(share >= 0 && share < Double.POSITIVE_INFINITY))) {
            throw new IllegalArgumentException(
                    "how often queries ask 1, 2, 3, … attributes is said by numbers of 0 or more, not all 0; but was given "
                            + sizes);
        }
        if (!(balance >= 0 && balance <= 1)) {
            throw new IllegalArgumentException("balance is from 0 to 1, but was given " + balance);
        }
    }
}
