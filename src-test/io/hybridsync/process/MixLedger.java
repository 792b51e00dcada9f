package io.hybridsync.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The ledger of {@link MultiWaitStressIT}: who is inside, how often somebody was, and what was done.
 *
 * <pre>
 *   [ INSIDE | ENTRIES | SUMS | COUNTS | LONGEST ]
 * </pre>
 *
 * INSIDE: of a mutex or auto-reset event, who has it; of a semaphore, how many permits are taken. ENTRIES is counted
 * without atomicity by whoever is inside, SUMS is the same from each one's own books: different if two were inside at once.
 */
final class MixLedger {

    /** What is counted. */
    enum Count {
        SINGLE,
        ANY,
        ALL,
        NESTED,
        TIMED_OUT,
        ALERTED,
        INTERRUPTED,
        GATES,
        OPENED,
        CLOSED
    }

    private static final List<Count> WHATS = List.of(Count.values());
    private static final int ENTRIES = Mix.OBJECTS;
    private static final int SUMS = 2 * Mix.OBJECTS;
    private static final int COUNTS = 3 * Mix.OBJECTS;
    private static final int LONGEST = COUNTS + WHATS.size();

    private final Ledger ledger;

    MixLedger(Path file) {
        ledger = Ledger.open(file, LONGEST + Mix.OBJECTS + 1);
    }

    /** Somebody has taken an object of which there is one. */
    void enter(int object, long who) {
        long inside = ledger.get(object);
        if (inside != 0) {
            throw new IllegalStateException("object %d is taken by %x and by %x".formatted(object, inside, who));
        }
        ledger.set(object, who);
        ledger.increment(ENTRIES + object);
    }

    void checkInside(int object, long who) {
        long inside = ledger.get(object);
        if (inside != who) {
            throw new IllegalStateException("object %d is %x's, but %x is there".formatted(object, who, inside));
        }
    }

    /** Somebody is about to give back an object of which there is one. */
    void leave(int object, long who) {
        checkInside(object, who);
        ledger.set(object, 0);
    }

    void takePermit(int object) {
        long taken = ledger.add(object, 1);
        if (taken > Mix.PERMITS) {
            throw new IllegalStateException(taken + " permits of object " + object + " are taken");
        }
    }

    void leavePermit(int object) {
        ledger.add(object, -1);
    }

    /** Somebody has been inside so many times. */
    void close(int object, long entries) {
        ledger.add(SUMS + object, entries);
    }

    /** What is wrong with the books of an object; empty if nothing is. */
    String error(int object) {
        long entries = ledger.get(ENTRIES + object);
        long sum = ledger.get(SUMS + object);
        long inside = ledger.get(object);
        return entries == sum && inside == 0 ? "" : "%d entries, %d counted, inside: %x".formatted(sum, entries, inside);
    }

    void count(Count what) {
        ledger.add(COUNTS + WHATS.indexOf(what), 1);
    }

    long counted(Count what) {
        return ledger.get(COUNTS + WHATS.indexOf(what));
    }

    /** How much has been done in all. */
    long progress() {
        return WHATS.stream().mapToLong(this::counted).sum();
    }

    /** A wait for so many objects at once took that long until it had them. */
    void waited(int objects, long nanos) {
        ledger.atLeast(LONGEST + objects, nanos);
    }

    /** The longest such wait in microseconds, for 2 to 3, 4 to 7, ... objects. */
    String longest() {
        Map<Integer, Long> longest = new TreeMap<>();
        for (int objects = 2; objects <= Mix.OBJECTS; objects++) {
            longest.merge(Integer.highestOneBit(objects), ledger.get(LONGEST + objects) / 1000, Math::max);
        }
        return longest.entrySet().stream()
                .map(one -> "%d+: %.1f ms".formatted(one.getKey(), one.getValue() / 1e3))
                .collect(Collectors.joining(", "));
    }
}
