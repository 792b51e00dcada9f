package io.hybridsync.object;

import org.jspecify.annotations.Nullable;

/**
 * What an object is to one client: what a wait for it among others takes, and who owns it.
 *
 * @param taking the rule by which a multi-wait takes it
 * @param argument of that rule, as long as the wait has not been refused
 * @param maximum the largest value
 * @param ownership of a mutex; null for the others
 */
public record Nature(Rule taking, int argument, int maximum, @Nullable Ownership ownership) {

    /** A semaphore of that many permits at most. */
    public static Nature semaphore(int maximum) {
        return new Nature(SemaphoreRule.ACQUIRE, 1, maximum, null);
    }

    /** A mutex, in the client with this id. Multi-waits take over what was abandoned. */
    public static Nature mutex(int client) {
        return new Nature(MutexRule.ADOPT, client, 1, new Ownership());
    }

    /** An event. */
    public static Nature event(boolean autoReset) {
        return new Nature(EventRule.awaiting(autoReset), EventRule.NOT_WAITING, 1, null);
    }

    /** Whether the calling thread, which owns it, may lock it once more. */
    boolean mayBeTakenAgain() {
        return ownership != null && ownership.holds() < Integer.MAX_VALUE;
    }
}
