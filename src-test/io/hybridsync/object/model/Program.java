package io.hybridsync.object.model;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.object.Handle;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
import java.util.ArrayList;
import java.util.List;

/** What one thread does, and whether what it is told fits what its operations did to the word. */
final class Program {

    /** An operation with its argument. */
    record Op(Kind kind, int permits) {}

    /** The operations of a semaphore. */
    enum Kind {
        TRY,
        ACQUIRE,
        ACQUIRE_UNINTERRUPTIBLY,
        ACQUIRE_TIMED,
        DRAIN,
        RELEASE,
        GIVE_BACK,
        VALUE,
        CLOSE
    }

    final List<Op> ops = new ArrayList<>();
    private final World world;
    private final ModelClient client;
    private final int handle;
    private int held;
    private boolean over;

    Program(World world, ModelClient client, int handle) {
        this.world = world;
        this.client = client;
        this.handle = handle;
    }

    void run() {
        world.schedule().await(client::isOpen);
        for (Op op : ops) {
            if (!over) {
                run(op);
            }
        }
    }

    /** Looks at the object as the last. */
    void probe() {
        run(new Op(Kind.VALUE, 0));
        run(new Op(Kind.TRY, 1));
        if (!over) {
            throw world.schedule().fail("an operation on a corrupted word succeeded");
        }
    }

    private void run(Op op) {
        Footprint footprint = world.schedule().self().footprint;
        footprint.begin(op.permits, op.kind == Kind.RELEASE || op.kind == Kind.GIVE_BACK);
        int expected = 0;
        try {
            expected = perform(op, client.handles.get(handle));
        } catch (InterruptedException e) {
            world.schedule().self().interruptPending = false;
        } catch (CorruptedObjectException e) {
            over = true;
            if (!world.isCorrupt()) {
                throw world.schedule().fail("an innocent object was declared corrupt");
            }
        } catch (ObjectClosedException e) {
            over = true;
        } catch (BrokerUnavailableException e) {
            over = !world.has(Feature.CLAIMS);
        }
        footprint.wanted = 0;
        footprint.released = false;
        if (footprint.given != expected) {
            throw world.schedule().fail(op + " says " + expected + " and did " + footprint.given);
        }
        held -= expected;
    }

    private int perform(Op op, Handle on) throws InterruptedException {
        int n = op.permits;
        return switch (op.kind) {
            case TRY -> tried(on.attempt(SemaphoreRule.ACQUIRE, n)) ? -n : 0;
            case DRAIN -> drained(on.attempt(SemaphoreRule.DRAIN, 0));
            case ACQUIRE -> on.await(SemaphoreRule.ACQUIRE, n, Cell.FOREVER) ? -n : never();
            case ACQUIRE_TIMED -> on.await(SemaphoreRule.ACQUIRE, n, World.DEADLINE) ? -n : timedOut();
            case ACQUIRE_UNINTERRUPTIBLY -> {
                on.awaitUninterruptibly(SemaphoreRule.ACQUIRE, n);
                yield -n;
            }
            case RELEASE -> tried(on.attempt(SemaphoreRule.RELEASE, n)) ? n : 0;
            case GIVE_BACK -> held > 0 && tried(on.attempt(SemaphoreRule.RELEASE, held)) ? held : 0;
            case VALUE -> {
                on.portion().value();
                yield tried(Rule.REFUSED) ? 1 : 0;
            }
            case CLOSE -> {
                client.close(on);
                yield 0;
            }
        };
    }

    private boolean tried(int result) {
        Footprint footprint = world.schedule().self().footprint;
        if (result == Rule.REFUSED && footprint.writes != 0) {
            throw world.schedule().fail("a refused operation left a trace");
        }
        if (result != Rule.REFUSED && footprint.writes != 1 && !world.has(Flaw.TOUCH_UNNOTICED)) {
            throw world.schedule().fail("one operation, " + footprint.writes + " writes");
        }
        return result != Rule.REFUSED;
    }

    private int drained(int value) {
        return tried(value) ? -value : 0;
    }

    private int never() {
        throw world.schedule().fail("a wait for ever timed out");
    }

    private int timedOut() {
        if (!world.schedule().self().footprint.looked) {
            throw world.schedule().fail("a time-out was reported without another look");
        }
        return 0;
    }
}
