package io.hybridsync.broker;

/**
 * What one client takes of the {@link Budget} for what it need not have asked for: that others do not read, or that it does not
 * for a moment itself. When others have used the budget up, there still is a little for each: or whoever stands still just then
 * would be expelled for what they have taken.
 *
 * <p>That little is no more than {@value #OWN_BYTES} bytes for each account, and for all of them together an eighth of the
 * budget: {@link Budget#takeSpare}.
 */
final class Account {

    /** Some hundred small messages, or the delayed requests of some dozens of threads. */
    static final int OWN_BYTES = 32 << 10;

    private final Budget budget;

    /** So much of what was taken is not of the budget that is for all. */
    private long own;

    Account(Budget budget) {
        this.budget = budget;
    }

    /** Takes so much, or nothing. */
    boolean take(long bytes) {
        if (budget.take(bytes)) {
            return true;
        }
        boolean spare = bytes <= OWN_BYTES - own && budget.takeSpare(bytes);
        own += spare ? bytes : 0;
        return spare;
    }

    /** Of what was taken: first what is its own, which it may need again. */
    void giveBack(long bytes) {
        long first = Math.min(own, bytes);
        own -= first;
        budget.giveBackSpare(first);
        budget.giveBack(bytes - first);
    }
}
