package io.hybridsync.object;

import io.hybridsync.slab.Cell;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import java.io.IOException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The first thread of a client holds one permit, and another thread of it releases that at the same moment as the first one
 * does: one of them may. Each round is another lease, for only the first such release of a lease is a race with plain stores.
 */
public final class LeaseRace {

    /** What it says when all is well. */
    public static final String RIGHT = "right";

    private static final int SPINS = 10_000;

    /** Where a word is that does not matter. */
    private static final int WORD = 2 * Ledger.ENTRY_BYTES;

    private LeaseRace() {}

    /** Runs it, in memory as it is shared by processes. Argument: how many rounds. */
    public static void main(String[] arguments) throws Exception {
        Thread.ofPlatform().daemon().start(LeaseRace::endWithParent);
        System.out.println(run(Integer.parseInt(arguments[0])));
    }

    /** Two threads that would never meet again spin for ever: not longer than somebody is there who wants to hear of it. */
    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException e) {
            // There is nobody, either.
        }
        Runtime.getRuntime().halt(1);
    }

    /** {@link #RIGHT}, or what was wrong. */
    static String run(int rounds) throws Exception {
        try (MappedSlabs memory = new MappedSlabs()) {
            MappedSlab slab = memory.create(1, 4096);
            AtomicInteger meeting = new AtomicInteger();
            Lease[] leases = new Lease[1];
            boolean[] given = new boolean[1];
            FutureTask<Void> other = new FutureTask<>(() -> {
                for (int i = 0; i < rounds; i++) {
                    meet(meeting);
                    given[0] = release(leases[0], slab.cell(WORD), i);
                    meet(meeting);
                }
                return null;
            });
            Thread.ofPlatform().daemon().start(other);
            for (int i = 0; i < rounds; i++) {
                leases[0] = held(slab);
                meet(meeting);
                boolean mine = release(leases[0], slab.cell(WORD), -i);
                meet(meeting);
                if (mine == given[0]) {
                    return "round %d: %s released it".formatted(i, mine ? "both" : "nobody");
                }
            }
            other.get();
            return RIGHT;
        }
    }

    /** Both go on at the same moment, as far as that can be. */
    private static void meet(AtomicInteger meeting) {
        int last = meeting.incrementAndGet();
        int both = last + (last & 1);
        for (int looks = 1; meeting.get() - both < 0; looks++) {
            if (looks % SPINS == 0) {
                LockSupport.parkNanos(1);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** A new lease, of which the calling thread is the first and holds one permit. */
    private static Lease held(MappedSlab slab) {
        slab.cell(Ledger.WORD).store(0);
        slab.cell(Ledger.ENTRY_BYTES + Ledger.WORD).store(0);
        Lease lease = new Lease(slab.cell(Ledger.WORD), slab.cell(Ledger.ENTRY_BYTES + Ledger.WORD), false);
        Lease.Outcome _ = lease.replace(slab.cell(WORD), 0, 0, 1);
        return lease;
    }

    /** Some time more or less, so that the two meet in many ways. */
    private static boolean release(Lease lease, Cell word, int pause) {
        for (int i = pause % 8; i > 0; i--) {
            Thread.onSpinWait();
        }
        return lease.replace(word, 0, 0, -1) == Lease.Outcome.DONE;
    }
}
