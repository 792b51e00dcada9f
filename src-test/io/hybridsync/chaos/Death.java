package io.hybridsync.chaos;

import java.util.List;

/**
 * What is known of a death.
 *
 * @param client the number of the client that is dead
 * @param done whether it had done before all that it was to do
 * @param changes what the thread that performed the operation has changed in words, in that order
 * @param accesses of that thread, in that order
 */
record Death(int client, boolean done, List<Change> changes, List<BlackBox.Line> accesses) {

    /**
     * A change of a word.
     *
     * @param from the value that was there, without WAITERS
     * @param to the value that was there then
     */
    record Change(int from, int to) {}

    /** The value that it has written last; another one if it has written none. */
    int latest(int otherwise) {
        return changes.isEmpty() ? otherwise : changes.getLast().to();
    }
}
