package io.hybridsync.succession;

import io.hybridsync.object.model.Actor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * What threads of all clients have to tell each other through the conditions of one mutex: things that wait to be done, counted
 * under the mutex. Who waits has found none; who signals has brought some. They go with an owner that dies: what it was about to do
 * with them nobody knows.
 *
 * <p>Nobody may wait while there is something to be done, for then a signal was lost. And no more threads may be signaled than
 * there were signals, and those that count twice: a broker has died that may have told one and not said so, or a client
 * that may have used one and not said so.
 */
final class Agenda {

    /** How many conditions there are. */
    static final int CONDITIONS = 2;

    private final int[] due = new int[CONDITIONS];
    private final Map<Actor, Integer> waiting = new HashMap<>();
    private final Map<Actor, Boolean> signaling = new HashMap<>();
    private long most;
    private long signaled;
    private boolean boundless;

    /** Whether there is something to be done. */
    boolean isDue(int condition) {
        return due[condition] > 0;
    }

    /** How many wait for a signal of it. */
    int awaited(int condition) {
        return (int) waiting.values().stream().filter(other -> other == condition).count();
    }

    /** Somebody does one thing. */
    void take(int condition) {
        due[condition]--;
    }

    /** Somebody has brought something, and signaled. */
    void add(int condition, int things) {
        due[condition] += things;
    }

    /** A thread is about to wait. */
    void waits(Actor actor, int condition) {
        waiting.put(actor, condition);
    }

    /** It waits no longer; whether that is right. */
    boolean comes(Actor actor, boolean wasSignaled) {
        waiting.remove(actor);
        signaled += wasSignaled ? 1 : 0;
        return boundless || signaled <= most;
    }

    /** A thread is about to signal. */
    void signals(Actor actor, int condition, boolean all) {
        signaling.put(actor, all);
        most += all ? awaited(condition) : 1;
    }

    /** It has been answered. */
    void hasSignaled(Actor actor) {
        signaling.remove(actor);
    }

    /** A broker has died: what it was asked is asked again, and what it was passing on is passed on again. */
    void succeeded() {
        most += 1 + signaling.size();
    }

    /** A client has died; whether it owned the mutex. A signal to all that it leaves behind may come to any that wait later. */
    void killed(Member member, boolean owned) {
        most += member.actors.size();
        boundless |= signaling.entrySet().stream().anyMatch(signal -> signal.getKey().isDead() && signal.getValue());
        waiting.keySet().removeIf(Actor::isDead);
        if (owned) {
            abandoned();
        }
    }

    /** Its owner is dead, whatever it was about to do. */
    void abandoned() {
        Arrays.fill(due, 0);
    }
}
