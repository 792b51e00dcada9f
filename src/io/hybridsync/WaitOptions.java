package io.hybridsync;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a wait for several objects lasts, and what else ends it. Immutable:
 * {@code WaitOptions.within(Duration.ofSeconds(5)).alertedBy(stop)}.
 *
 * @param timeout how long to wait, zero or negative to try once; empty for ever
 * @param alert an event that ends the wait unless what is waited for is there; an auto-reset event is taken then
 */
public record WaitOptions(Optional<Duration> timeout, Optional<HybridEvent> alert) {

    /** Options. */
    public WaitOptions {
        requireNonNull(timeout, "timeout");
        requireNonNull(alert, "alert");
    }

    /** As long as it takes. */
    public static WaitOptions forever() {
        return new WaitOptions(Optional.empty(), Optional.empty());
    }

    /** That long at most; with no time it is tried once. */
    public static WaitOptions within(Duration timeout) {
        return new WaitOptions(Optional.of(requireNonNull(timeout, "timeout")), Optional.empty());
    }

    /** The same, or until that event is signaled. */
    public WaitOptions alertedBy(HybridEvent alert) {
        return new WaitOptions(timeout, Optional.of(requireNonNull(alert, "alert")));
    }

    long deadlineNanos() {
        return timeout.map(Deadline::after).orElse(Deadline.NEVER);
    }
}
