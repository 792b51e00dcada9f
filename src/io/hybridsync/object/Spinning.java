package io.hybridsync.object;

/**
 * How long a waiter spins before it sleeps; learned for each object, in each process.
 *
 * <p>On two cores a hand-off to a spinning thread takes a tenth of a microsecond and one to a sleeping thread about fifty;
 * when both share a core, spinning only keeps the releaser from running. Which of the two it is shows in the outcome. So a
 * waiter spins at most as long as a sleep would cost, which bounds the regret to a factor of two; what pays is spun a bit
 * longer next time, what does not is spun half as long, down to nothing, and from then on one waiter in {@link #PROBE} looks
 * whether it pays again.
 *
 * <p>The fields are read and written by racing threads without order: a lost update makes the estimate a little worse and
 * nothing wrong.
 */
public final class Spinning {

    private static final int LONGEST = 1200;
    private static final int CLAIM_SPINS = 200;
    private static final int PROBE = 32;

    private final int longest;
    private int budget;
    private int waits;

    private Spinning(int longest) {
        this.longest = longest;
        this.budget = longest / 4;
    }

    /** As the machine permits: on a single processor nobody spins. */
    public static Spinning adaptive() {
        return new Spinning(Runtime.getRuntime().availableProcessors() > 1 ? LONGEST : 0);
    }

    /** None at all: for models, where a spin is only another schedule. */
    public static Spinning none() {
        return new Spinning(0);
    }

    /** How many pauses the next waiter may spend. */
    int budget() {
        return ++waits % PROBE == 0 ? longest : budget;
    }

    /** A waiter got what it wanted after so many pauses. */
    void paid(int pauses) {
        int wish = Math.min(longest, 2 * pauses + 16);
        budget += (wish - budget) / 4;
    }

    /** A waiter spun in vain. */
    void wasted() {
        budget /= 2;
    }

    /** How many pauses to spend on a lock of the broker, which is held for a few stores. */
    int claimSpins() {
        return Math.min(longest, CLAIM_SPINS);
    }
}
