package io.hybridsync.object.model;

import io.hybridsync.word.Word;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What befalls the actors between their steps: interrupts, time-outs, spurious wakes, the death of a client, a bad word. */
final class Fate {

    private final World world;
    private final SplittableRandom random;
    private final int patience;
    private int killsLeft;
    private int interruptsLeft = 2;
    private boolean stopLeft;
    private @Nullable Actor stopped;
    private boolean freezeLeft;
    private @Nullable ModelClient frozen;
    private int signalsBefore;
    private int spuriousLeft = 2;
    private boolean corruptionLeft;

    int sleeps;
    int moves;
    int returns;
    int kills;
    int interrupts;
    int timeouts;
    int condemnations;
    int grants;
    int rollbacks;
    int settlements;
    int unsettled;

    Fate(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
        this.patience = world.scenario().isDirected() ? 4 : 12;
        this.killsLeft = world.has(Feature.KILLS) ? 1 + random.nextInt(2) : 0;
        this.corruptionLeft = world.has(Feature.CORRUPTION);
        this.stopLeft = world.has(Feature.STOPS);
        this.freezeLeft = world.has(Feature.FREEZES);
    }

    boolean hasCorruptionLeft() {
        return corruptionLeft;
    }

    void strike() {
        stop();
        freeze();
        if (random.nextInt(patience) != 0) {
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> interrupt();
            case 1 -> timeOut(Feature.TIMEOUTS, actor -> actor.timed);
            case 2 -> wakeSpuriously();
            case 3 -> kill();
            case 4 -> corrupt();
            default -> timeOut(Feature.CLAIMS, actor -> actor.claim);
        }
    }

    /** Who is stopped after it has cleared WAITERS keeps the later signals from waking: that is known. */
    private void stop() {
        for (Actor actor : world.schedule().actors) {
            if (stopLeft && actor.state == Actor.State.READY && actor.footprint.owesWake && random.nextInt(4) == 0) {
                stopLeft = false;
                stopped = actor;
                actor.state = Actor.State.STOPPED;
                signalsBefore = world.signals();
            }
        }
    }

    /** A process is stopped in the middle of whatever it does, until nobody else can run. */
    private void freeze() {
        if (freezeLeft && random.nextInt(40) == 0) {
            freezeLeft = false;
            frozen = world.clients().get(random.nextInt(world.clients().size()));
            frozen.stopped = true;
        }
    }

    /** Whether what is wrong may be mended by who is stopped: he has not been overtaken by another signal. */
    boolean excuses() {
        return frozen != null || (stopped != null && world.signals() == signalsBefore);
    }

    /** True if somebody, or a process, was stopped. */
    boolean goOn() {
        Actor actor = stopped;
        ModelClient client = frozen;
        stopped = null;
        frozen = null;
        if (client != null) {
            client.stopped = false;
            return true;
        }
        if (actor != null && actor.state == Actor.State.STOPPED) {
            actor.state = Actor.State.READY;
        }
        return actor != null;
    }

    private void interrupt() {
        boolean inBed = random.nextInt(4) != 0;
        List<Actor> candidates = world.schedule().actors.stream()
                .filter(actor -> actor.client != null && actor.state != Actor.State.DONE && actor.state != Actor.State.DEAD)
                .filter(actor -> !inBed || (actor.state == Actor.State.ASLEEP && actor.interruptible))
                .toList();
        if (world.has(Feature.INTERRUPTS) && interruptsLeft > 0 && !candidates.isEmpty()) {
            interruptsLeft--;
            interrupts++;
            Actor actor = candidates.get(random.nextInt(candidates.size()));
            actor.interruptPending = true;
            actor.interrupted = actor.state == Actor.State.ASLEEP && actor.interruptible;
        }
    }

    private void timeOut(Feature feature, Predicate<Actor> which) {
        if (world.has(feature)) {
            for (Actor actor : world.schedule().actors) {
                if (actor.isAsleep() && which.test(actor) && random.nextBoolean()) {
                    actor.timedOut = true;
                    timeouts++;
                    return;
                }
            }
        }
    }

    private void wakeSpuriously() {
        if (world.has(Feature.SPURIOUS) && spuriousLeft > 0) {
            for (Actor actor : world.schedule().actors) {
                if (actor.isAsleep() && !actor.beds.isEmpty() && random.nextBoolean()) {
                    actor.beds.getFirst().woken = true;
                    spuriousLeft--;
                    return;
                }
            }
        }
    }

    private void kill() {
        List<ModelClient> living = world.clients().stream().filter(c -> !c.isOut()).toList();
        if (killsLeft > 0 && living.size() > 1) {
            killsLeft--;
            kills++;
            ModelClient victim = living.get(random.nextInt(living.size()));
            victim.dead = true;
            world.schedule().trace(() -> "KILL of client %d".formatted(victim.id));
            for (Actor thread : victim.threads) {
                thread.die();
            }
            for (Thing thing : world.things()) {
                thing.ghost.killed(victim, world.value(thing));
            }
            world.broker().events.add(new ModelBroker.Event.Death(victim));
        }
    }

    /** Plants a bad word. */
    void corrupt() {
        Thing thing = world.things().getLast();
        if (!corruptionLeft || thing.ended) {
            return;
        }
        corruptionLeft = false;
        Tenant current = thing.current();
        long bad = badWord(world.peek(current), thing);
        world.broker().memory(current).store(bad);
        world.schedule().trace(() -> "BAD WORD %016x at %s".formatted(bad, current));
        thing.corrupt = true;
    }

    private long badWord(long word, Thing thing) {
        int base = thing.current().location().base();
        for (;;) {
            long bad = switch (random.nextInt(8)) {
                case 0 -> word ^ (1L << random.nextInt(64));
                case 1 -> random.nextLong();
                case 2 -> 0;
                case 3 -> word ^ 0xffff_ffff_0000_0000L;
                case 4 -> (word & 0xffff_ffff_0000_0000L) | (random.nextInt() & 0xffff_ffffL);
                case 5 -> Word.pack(thing.formerBase, Word.data(word) & Word.VALUE, 0);
                case 6 -> (word & ~Word.VALUE) | random.nextInt(3);
                default -> falseLock(word, base);
            };
            boolean falseClaim = Word.isValid(base, bad) && Word.flags(bad) == Word.LOCKED && Word.flags(word) == 0;
            if (falseClaim || !Word.isValid(base, bad)) {
                return bad;
            }
        }
    }

    private long falseLock(long word, int base) {
        boolean quiet = world.has(Feature.MOVES) || Word.flags(word) != 0;
        return quiet ? random.nextLong() : Word.pack(base, Word.data(word), Word.LOCKED);
    }
}
