package io.hybridsync.process;

import java.nio.file.Path;

/** The ledger of {@link KillIT}: who is inside of which mutex, what was given, and what there is to take. */
final class KillLedger {

    /** How many mutexes there are. */
    static final int MUTEXES = 6;

    /** How many semaphores there are. */
    static final int SEMAPHORES = 4;

    private static final int INSIDE = 0;
    private static final int INTENDED = INSIDE + MUTEXES;
    private static final int GIVEN = INTENDED + SEMAPHORES;
    private static final int TOLD = GIVEN + SEMAPHORES;
    private static final int HEIRS = TOLD + 1;
    private static final int ENTRIES = HEIRS + 1;
    private static final int ITEM = ENTRIES + 1;
    private static final int TAKEN = ITEM + 1;
    private static final int OVER = TAKEN + 1;

    private final Ledger ledger;

    KillLedger(Path file) {
        ledger = Ledger.open(file, OVER + 1);
    }

    /**
     * Somebody has locked a mutex. Whoever died inside is still there: then one has to have been told.
     *
     * @param told that an owner has died
     */
    void enter(int mutex, long who, boolean told) {
        long inside = ledger.get(INSIDE + mutex);
        if (inside != 0 && !told) {
            throw new IllegalStateException("mutex %d: %x was inside, and %x was not told".formatted(mutex, inside, who));
        }
        ledger.add(TOLD, told ? 1 : 0);
        ledger.add(HEIRS, inside != 0 ? 1 : 0);
        ledger.add(ENTRIES, 1);
        ledger.set(INSIDE + mutex, who);
    }

    /** Somebody is about to unlock a mutex. */
    void leave(int mutex, long who) {
        long inside = ledger.get(INSIDE + mutex);
        if (inside != who) {
            throw new IllegalStateException("mutex %d: %x and %x are inside".formatted(mutex, inside, who));
        }
        ledger.set(INSIDE + mutex, 0);
    }

    /** How often somebody was told that an owner had died. */
    long told() {
        return ledger.get(TOLD);
    }

    /** How often there was somebody dead inside. */
    long heirs() {
        return ledger.get(HEIRS);
    }

    long entries() {
        return ledger.get(ENTRIES);
    }

    void intendToGive(int semaphore) {
        ledger.add(INTENDED + semaphore, 1);
    }

    void given(int semaphore) {
        ledger.add(GIVEN + semaphore, 1);
    }

    /** Whether as many were taken as were given; of each killed giver it is not known whether he gave the last. */
    boolean isRight(int semaphore, long taken) {
        return ledger.get(GIVEN + semaphore) <= taken && taken <= ledger.get(INTENDED + semaphore);
    }

    /** Whether there is something to take; like the next three, for the mutex's owner. */
    boolean hasItem() {
        return ledger.get(ITEM) != 0;
    }

    void putItem() {
        ledger.set(ITEM, 1);
    }

    void takeItem() {
        ledger.set(ITEM, 0);
        ledger.add(TAKEN, 1);
    }

    long itemsTaken() {
        return ledger.get(TAKEN);
    }

    /** All may go. */
    void end() {
        ledger.set(OVER, 1);
    }

    boolean isOver() {
        return ledger.get(OVER) != 0;
    }
}
