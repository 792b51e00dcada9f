package io.hybridsync.object.model;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who runs. The actors are virtual threads that pass a baton: whoever comes to a step picks the next, itself perhaps,
 * and parks if it is another. So a run is a function of its seed, and a step that keeps the baton costs no switch.
 *
 * <p>Three ways of picking: any; mostly the same again; or by priorities of which a few fall at random steps (probabilistic
 * concurrency testing), which finds bugs that need few, but far apart, switches.
 */
public final class Schedule {

    private static final int LONGEST = 20_000;
    private static final boolean TRACING = Long.getLong("hybridsync.model.seed") != null;
    private static final int LONGEST_TURN = 60;

    /** What the model says between steps. */
    public interface Environment {

        /** Something may happen. */
        void happen();

        /** Nobody can run: true if that was changed. */
        boolean quiet();
    }

    public final SplittableRandom random;
    final List<Actor> actors = new ArrayList<>();
    private final List<Actor> ready = new ArrayList<>();
    private final Environment environment;
    private final Thread driver = Thread.currentThread();
    private final int way;
    private int steps;
    private int turnLength;
    private int lowest;
    private @Nullable Actor running;
    private @Nullable Thread ending;
    private volatile @Nullable Actor turn;
    private volatile boolean over;
    private @Nullable String violation;

    /** @param environment is asked between steps */
    public Schedule(SplittableRandom random, Environment environment) {
        this.random = random;
        this.environment = environment;
        this.way = random.nextInt(4);
        Pause.in(this);
    }

    /** A new actor; it runs when it is picked. */
    public Actor spawn(String name, Runnable body) {
        return spawn(name, null, body);
    }

    Actor spawn(String name, @Nullable ModelClient client, Runnable body) {
        Actor[] self = new Actor[1];
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> live(self[0], body));
        Actor actor = new Actor(name, client, thread);
        self[0] = actor;
        actor.priority = random.nextInt(1 << 20);
        actors.add(actor);
        return actor;
    }

    /** Runs until nobody can; what went wrong, or null. No thread of it is left. */
    public @Nullable String run() {
        hand(choose(null));
        while (!over) {
            LockSupport.park(this);
        }
        for (Actor actor : actors) {
            LockSupport.unpark(actor.thread);
            if (actor.started) {
                join(actor.thread);
            }
        }
        return violation;
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts the threads of the model", e);
        }
    }

    /** The actor that has the baton. */
    public Actor self() {
        Actor self = running;
        if (self == null) {
            throw over ? new Doom() : new AssertionError("nobody runs");
        }
        return self;
    }

    /** A point at which others may run first. */
    public void step() {
        if (over || violation != null) {
            throw new Doom();
        }
        pass(self());
    }

    /** The same for a thread that may be another schedule's. */
    void step(Thread caller) {
        Actor self = running;
        if (self == null || self.thread != caller) {
            throw new Doom();
        }
        step();
    }

    /** Gives the baton away until the condition holds. */
    public void await(BooleanSupplier condition) {
        Actor me = self();
        me.until = condition;
        me.state = Actor.State.BLOCKED;
        step();
        me.state = Actor.State.READY;
    }

    /** Gives the baton away while the actor, which has lain down, is asleep. */
    void sleep() {
        Actor me = self();
        step();
        me.state = Actor.State.READY;
    }

    /** Ends the run: something is wrong. */
    public Doom fail(String what) {
        note(what);
        return new Doom();
    }

    /**
     * Something is wrong: the first such thing is the run's result. After its end nothing is: on their way out threads come by what
     * they would do last, all at once, and those of the dead, whose memory is another's by now, too.
     */
    public void note(String what) {
        if (violation == null && !over) {
            violation = what + " (" + running + ", step " + steps + ")";
        }
    }

    /** Tells what happens, in the run of a single seed. */
    public void trace(Supplier<String> what) {
        if (TRACING) {
            System.out.printf("%5d %-14s %s%n", steps, running, what.get());
        }
    }

    public int steps() {
        return steps;
    }

    private void live(Actor me, Runnable body) {
        try {
            awaitTurn(me);
            body.run();
        } catch (Doom doom) {
            if (over || me.state == Actor.State.DEAD) {
                return;
            }
        } catch (RuntimeException | Error e) {
            StackTraceElement[] trace = e.getStackTrace();
            note("unexpected " + e + (trace.length > 0 ? " at " + trace[0] : ""));
        }
        me.state = Actor.State.DONE;
        ending = me.thread;
        hand(choose(null));
    }

    private void pass(Actor me) {
        Actor next = choose(me);
        if (next != me) {
            hand(next);
            awaitTurn(me);
        }
    }

    private void hand(@Nullable Actor next) {
        running = next;
        turn = next;
        if (next == null) {
            over = true;
            LockSupport.unpark(driver);
        } else if (next.started) {
            LockSupport.unpark(next.thread);
        } else {
            next.started = true;
            next.thread.start();
        }
    }

    private void awaitTurn(Actor me) {
        while (turn != me) {
            if (over) {
                throw new Doom();
            }
            LockSupport.park(this);
        }
        awaitEnd();
    }

    /** Whoever asks the platform whether a thread has ended gets the same answer in every run. */
    @SuppressWarnings("ThreadPriorityCheck") // it may need this carrier
    private void awaitEnd() {
        Thread thread = ending;
        if (thread != null) {
            ending = null;
            join(thread);
        }
    }

    private @Nullable Actor choose(@Nullable Actor me) {
        while (violation == null) {
            if (++steps > LONGEST) {
                note("somebody runs for ever: " + me);
                return null;
            }
            environment.happen();
            ready.clear();
            for (Actor actor : actors) {
                if (actor.isRunnable()) {
                    ready.add(actor);
                }
            }
            if (!ready.isEmpty()) {
                return pick(me);
            }
            if (!environment.quiet()) {
                return null;
            }
        }
        return null;
    }

    private Actor pick(@Nullable Actor me) {
        Actor stays = me != null && ready.contains(me) ? me : null;
        turnLength = stays != null ? turnLength + 1 : 0;
        if (stays != null && turnLength > LONGEST_TURN) {
            stays.priority = --lowest;
            turnLength = 0;
            return any();
        }
        return switch (way) {
            case 0 -> any();
            case 1 -> stays != null && random.nextInt(6) != 0 ? stays : any();
            default -> highest(me);
        };
    }

    private Actor any() {
        return ready.get(random.nextInt(ready.size()));
    }

    private Actor highest(@Nullable Actor me) {
        if (me != null && random.nextInt(24) == 0) {
            me.priority = --lowest;
        }
        Actor best = ready.getFirst();
        for (Actor actor : ready) {
            if (actor.priority > best.priority) {
                best = actor;
            }
        }
        return best;
    }
}
