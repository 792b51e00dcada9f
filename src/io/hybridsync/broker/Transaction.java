package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import io.hybridsync.slab.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Takes all of some words at once, or none of them, while anybody operates on them and sleeps on them.
 *
 * <pre>
 *   step                                              words before i      word i              words behind i
 *   -----------------------------------------------   -----------------   -----------------   ----------------
 *   0. look: the first that is not signaled ends it   -                   WAKE_BROKER, ends   -
 *   1. begin: lock in the order of the list           LOCKED, value       LOCKED, value       -
 *        one that is not signaled any more            LOCKED, value       WAKE_BROKER         -
 *   2. roll back                                      value               WAKE_BROKER         -
 *   2. or promise it, when all are locked             LOCKED, value       LOCKED, value       LOCKED, value
 *   3. and commit                                     next value          LOCKED, value       LOCKED, value
 * </pre>
 *
 * <p>Step 0 keeps a wait that cannot be satisfied from locking what others use; it decides nothing. Begin touches no data:
 * a client that is about to sleep on the data half compares only that, and would miss a value that came back. Who meets
 * LOCKED sleeps on the flags half, and is woken by rollback and commit alike. What was read under begin holds until the
 * word is unlocked, for from then on only the broker writes to it; so the transaction takes place at its last lock. A third
 * party that reads two words sees at most that one of them is locked.
 *
 * <p>If a client dies anywhere in this, nothing changes: its operation came before a lock, and counts, or is not there.
 * If the broker dies, the words stay LOCKED: up to the promise all of them hold the values from before, and nobody has been
 * told anything, so unlocking them as they are undoes it; from then on those that are still LOCKED are to be committed:
 * {@link Journal} keeps which. A promise that cannot be made is rolled back.
 *
 * <p>What overwrites a lock is corruption of that object and of no other: {@link #overwritten}. Behind the last lock the
 * others are taken nevertheless.
 */
public final class Transaction {

    /** One of the words, and what is to be done to it. */
    public record Part(Slot slot, Rule rule, int argument, int maximum) {}

    private final List<Step> steps;
    private final List<Integer> overwritten = new ArrayList<>();
    private int at;

    /** A transaction that has not begun; the words are distinct. */
    public Transaction(List<Part> parts) {
        this(parts, new Step.Patience());
    }

    /** @param patience for all that is tried with it */
    Transaction(List<Part> parts, Step.Patience patience) {
        this.steps = parts.stream()
                .map(part -> new Step(part.slot(), part.rule(), part.argument(), part.maximum(), patience))
                .toList();
    }

    /**
     * Takes all of them, or none; once.
     *
     * @param promise says that they are taken, while all are locked; false when it cannot
     */
    public Step.Result run(BooleanSupplier promise) {
        Step.Result result = look();
        if (result == Step.Result.DONE) {
            result = begin(promise);
        }
        return result;
    }

    /** What is going to be done to the words, once all are locked. */
    List<Journal.Change> changes() {
        return steps.stream().map(Step::change).toList();
    }

    /** Which word kept it from being done. */
    public int at() {
        return at;
    }

    /** What a word's value was when it was looked at last. */
    public int value(int index) {
        return steps.get(index).value();
    }

    /** The words whose locks something has overwritten. */
    public List<Integer> overwritten() {
        return overwritten;
    }

    private Step.Result look() {
        for (at = 0; at < steps.size(); at++) {
            Step.Result result = steps.get(at).lookOrSubscribe();
            if (result != Step.Result.DONE) {
                return result;
            }
        }
        return Step.Result.DONE;
    }

    private Step.Result begin(BooleanSupplier promise) {
        for (at = 0; at < steps.size(); at++) {
            Step.Result result = steps.get(at).lockOrSubscribe();
            if (result != Step.Result.DONE) {
                rollBack();
                return result;
            }
        }
        if (!isPromised(promise)) {
            rollBack();
            return Step.Result.UNTOLD;
        }
        commit();
        return Step.Result.DONE;
    }

    /** What fails in the telling must not leave locks behind that nobody would take away. After an Error the next broker does. */
    private boolean isPromised(BooleanSupplier promise) {
        try {
            return promise.getAsBoolean();
        } catch (RuntimeException e) {
            rollBack();
            throw e;
        }
    }

    private void rollBack() {
        for (int i = 0; i < at; i++) {
            note(i, steps.get(i).unlock());
        }
    }

    private void commit() {
        for (int i = 0; i < steps.size(); i++) {
            note(i, steps.get(i).commit());
        }
    }

    private void note(int index, boolean unlocked) {
        if (!unlocked) {
            overwritten.add(index);
        }
    }
}
