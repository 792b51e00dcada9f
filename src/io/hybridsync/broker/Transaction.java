package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import io.hybridsync.slab.Slot;
import java.util.ArrayList;
import java.util.List;

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
 *   2. or commit, when all are locked                 next value          LOCKED, value       LOCKED, value
 * </pre>
 *
 * <p>Step 0 keeps a wait that cannot be satisfied from locking what others use; it decides nothing. Begin touches no data:
 * a client that is about to sleep on the data half compares only that, and would miss a value that came back. Who meets
 * LOCKED sleeps on the flags half, and is woken by rollback and commit alike. What was read under begin holds until the
 * word is unlocked, for from then on only the broker writes to it; so the transaction takes place at its last lock. A third
 * party that reads two words sees at most that one of them is locked.
 *
 * <p>If a client dies anywhere in this, nothing changes: its operation came before a lock, and counts, or is not there.
 * If the broker dies, the words stay LOCKED: up to the last lock all of them hold the values from before, so unlocking
 * them as they are undoes it; from the first unlock on those that are still LOCKED are to be committed too.
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
        Step.Patience patience = new Step.Patience();
        this.steps = parts.stream()
                .map(part -> new Step(part.slot(), part.rule(), part.argument(), part.maximum(), patience))
                .toList();
    }

    /** Takes all of them, or none; once. */
    public Step.Result run() {
        Step.Result result = look();
        if (result == Step.Result.DONE) {
            result = begin();
        }
        return result;
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

    private Step.Result begin() {
        for (at = 0; at < steps.size(); at++) {
            Step.Result result = steps.get(at).lockOrSubscribe();
            if (result != Step.Result.DONE) {
                rollBack();
                return result;
            }
        }
        commit();
        return Step.Result.DONE;
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
