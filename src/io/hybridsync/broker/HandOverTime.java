package io.hybridsync.broker;

/**
 * How long a broker waits for the clients of the one before. That time is for those of whom nothing is heard; who has very much
 * to hand over has as much more as that may take on a machine that does many other things, as long as it is heard of. Not
 * without end, for all others wait meanwhile: each message is worth a little, and all of them are not worth more than a minute.
 */
final class HandOverTime {

    /** What one message is worth: ten times what a client and the broker need for it on an idle processor. */
    static final long PER_MESSAGE_NANOS = 250_000;

    /** What all are worth at most. */
    static final long MOST_NANOS = 60_000_000_000L;

    private final long deadline;
    private final long quiet;
    private long messages;
    private long heard;

    /**
     * It begins.
     *
     * @param now on the clock of {@link System#nanoTime}
     * @param nanos how long it is waited for clients that say nothing
     */
    HandOverTime(long now, long nanos) {
        this.deadline = now + nanos;
        this.quiet = nanos;
        this.heard = now;
    }

    /**
     * Whether it is not waited for anybody any more.
     *
     * @param said how many messages have been heard so far of those who hand over
     */
    boolean isOver(long now, long said) {
        if (said != messages) {
            messages = said;
            heard = now;
        }
        long late = now - deadline;
        return late >= 0 && (now - heard >= quiet || late >= Math.min(MOST_NANOS, said * PER_MESSAGE_NANOS));
    }
}
