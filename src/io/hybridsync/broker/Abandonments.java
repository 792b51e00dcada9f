package io.hybridsync.broker;

import io.hybridsync.object.MutexRule;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Word;
import java.util.function.IntPredicate;

/**
 * Sees to it that the owner of a mutex is a client that has it open: when its owner has closed it, is dead or was
 * expelled, the mutex is abandoned.
 *
 * <p>A living client is not taken its mutex before the word has moved to where the client does not write, for a lock of it
 * that is on its way may come after the look. The dead do not write: marked where it is. What stays where it is, in
 * memory of the whole domain, is marked in place all the same: who was expelled and writes there does what it may not, and
 * it is found when the object is opened next, or when the client is dead.
 */
final class Abandonments {

    private static final int ATTEMPTS = 64;

    /** What is to be marked: the mutex of this client, 0 for that of whoever does not have it open. */
    private record Due(SharedObject object, int clientId) {}

    private final Delays delays;
    private final Looks looks;

    /** @param delays tries again later what is busy now */
    Abandonments(Delays delays, Looks looks) {
        this.delays = delays;
        this.looks = looks;
    }

    /** Who owns a mutex, as its word says; 0 when it is nobody's, no mutex, or nobody can say. */
    static int owner(SharedObject object) {
        boolean owned = object.spec().kind() == Kind.MUTEX && !object.isGone() && !object.isCorrupted();
        return owned ? MutexRule.owner(Word.data(object.word())) : 0;
    }

    /** Only clients that have it open can write to the word. If its owner is none of them, the mutex is abandoned. */
    void moved(SharedObject object) {
        settle(new Due(object, 0), owner -> !object.holders().contains(owner));
    }

    /** A client is dead. If it owns the mutex, the mutex is abandoned. */
    void died(SharedObject object, int clientId) {
        settle(new Due(object, clientId), owner -> owner == clientId);
    }

    private void settle(Due due, IntPredicate isGone) {
        SharedObject object = due.object();
        Step.Result result = Step.Result.REFUSED;
        for (int i = 0; i < ATTEMPTS && result == Step.Result.REFUSED; i++) {
            int owner = owner(object);
            if (owner == 0 || !isGone.test(owner)) {
                return;
            }
            result = object.step(MutexRule.ABANDON, owner).apply();
        }
        switch (result) {
            case DONE -> marked(object);
            case CORRUPTED -> object.condemn();
            case REFUSED, BUSY, UNTOLD -> delays.owe(due, () -> settle(due, isGone));
        }
    }

    /** Everybody is woken, also who sleeps though WAITERS is clear: the dead may have cleared it and not come to wake. */
    private void marked(SharedObject object) {
        object.wakeAfterDeath();
        looks.later(object);
    }
}
