package dev.sightline.events;

/** The consumer groups, where more than one service must know them. */
public final class ConsumerGroups {
    /** Shares {@code image-events} among the embed workers. */
    public static final String EMBED = "sightline-embed";

    /** Shares {@code backfill-jobs} among the embed workers. */
    public static final String BACKFILL = "sightline-backfill";

    /** Elects the one coordinator that acts. */
    public static final String COORDINATOR = "sightline-coordinator";

    private ConsumerGroups() {}
}
