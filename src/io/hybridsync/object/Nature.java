package io.hybridsync.object;

import io.hybridsync.word.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What an object is to one client: what a wait for it among others takes, and who owns it.
 *
 * @param kind what it is
 * @param taking the rule by which a multi-wait takes it
 * @param argument of that rule, as long as the wait has not been refused
 * @param maximum the largest value
 * @param autoReset of an event: whether a satisfied wait takes the signal
 * @param ownership of a mutex; null for the others
 * @param lease of a leased semaphore; null for the others
 */
public record Nature(
        Kind kind,
        Rule taking,
        int argument,
        int maximum,
        boolean autoReset,
        @Nullable Ownership ownership,
        @Nullable Lease lease) {

    /** A semaphore of that many permits at most. */
    public static Nature semaphore(int maximum) {
        return new Nature(Kind.SEMAPHORE, SemaphoreRule.ACQUIRE, 1, maximum, false, null, null);
    }

    /** The same, of which the client gives back what it holds when it ends. */
    public static Nature leased(int maximum, Lease lease) {
        return new Nature(Kind.SEMAPHORE, SemaphoreRule.ACQUIRE, 1, maximum, false, null, lease);
    }

    /** A mutex, in the client with this id. Multi-waits take over what was abandoned. */
    public static Nature mutex(int client) {
        return new Nature(Kind.MUTEX, MutexRule.ADOPT, client, 1, false, new Ownership(), null);
    }

    /** An event. */
    public static Nature event(boolean autoReset) {
        return new Nature(
                Kind.EVENT, EventRule.awaiting(autoReset), EventRule.NOT_WAITING, 1, autoReset, null, null);
    }

    /** Whether operations can have led to a value. */
    boolean isLegal(int value) {
        return Values.isLegal(kind, autoReset, maximum, value);
    }

    /** Whether the calling thread, which owns it, may lock it once more. */
    boolean mayBeTakenAgain() {
        return ownership != null && ownership.holds() < Integer.MAX_VALUE;
    }
}
