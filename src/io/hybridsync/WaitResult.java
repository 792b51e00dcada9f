package io.hybridsync;

import static java.util.Objects.requireNonNull;

import io.hybridsync.object.Result;

/**
 * What a wait for several objects came to.
 *
 * @param outcome how it ended
 * @param index which object of the list it was. Of {@code awaitAll}: 0, or with ABANDONED the lowest that was abandoned.
 *     -1 for ALERTED and TIMED_OUT
 */
public record WaitResult(Outcome outcome, int index) {

    /** A result. */
    public WaitResult {
        requireNonNull(outcome, "outcome");
    }

    /** Whether what was waited for is taken: ACQUIRED or ABANDONED. */
    public boolean acquired() {
        return outcome == Outcome.ACQUIRED || outcome == Outcome.ABANDONED;
    }

    static WaitResult of(Result result) {
        return switch (result.ending()) {
            case TAKEN -> new WaitResult(Outcome.ACQUIRED, result.index());
            case ADOPTED -> new WaitResult(Outcome.ABANDONED, result.index());
            case ALERTED -> new WaitResult(Outcome.ALERTED, -1);
            case TIMED_OUT -> new WaitResult(Outcome.TIMED_OUT, -1);
            case ENDED -> throw new AssertionError("waits for several objects take over what was abandoned");
        };
    }
}
