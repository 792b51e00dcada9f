package io.hybridsync.object.model;

import io.hybridsync.slab.Half;
import io.hybridsync.word.Word;
import org.jspecify.annotations.Nullable;

/** What must hold: at every write, at every sleep, and when nobody can run any more. */
final class Judge {

    private static final int CLAIMS = Word.LOCKED | Word.MOVED | Word.CORRUPTED;

    private final World world;
    private boolean probed;

    Judge(World world) {
        this.world = world;
    }

    /** After a successful release the word may belong to nobody. */
    void mayTouch(ModelCell cell) {
        Actor me = world.schedule().self();
        Thing released = me.footprint.released;
        if (released != null && released == cell.tenant().thing() && !world.has(Flaw.TOUCH_UNNOTICED)) {
            throw world.schedule().fail("the word was touched after the release");
        }
    }

    void mayWrite(ModelCell cell, long expected, long next) {
        Tenant tenant = cell.tenant();
        int base = tenant.location().base();
        if (!tenant.equals(world.broker().tenantAt(tenant.address()))) {
            throw world.schedule().fail("a write to another object's word");
        }
        boolean valid = Word.isValid(base, expected) && (Word.flags(expected) & CLAIMS) == 0;
        if ((Word.flags(next) & Word.CORRUPTED) != 0) {
            mayMark(tenant.owner(), valid, expected, next);
        } else if (!valid) {
            throw world.schedule().fail("an operation on a word that is bad or claimed: " + Long.toHexString(expected));
        } else if (Word.flags(next) != Word.flags(expected) && !world.has(Flaw.FLAG_UNNOTICED)) {
            throw world.schedule().fail("a flag of the broker was changed");
        }
    }

    private void mayMark(Thing thing, boolean valid, long expected, long next) {
        if (valid || !thing.corrupt) {
            throw world.schedule().fail("a good word was marked");
        }
        if (next != marked(expected) && !world.has(Flaw.MARK_UNNOTICED)) {
            throw world.schedule().fail("the mark is not one");
        }
    }

    /** A bad word, marked: CORRUPTED set, WAITERS clear, the rest as it was. */
    static long marked(long word) {
        return (word | (long) Word.CORRUPTED << Integer.SIZE) & ~(1L << (Integer.SIZE - 1));
    }

    void maySleep(ModelCell cell) {
        Tenant tenant = cell.tenant();
        if (!tenant.equals(world.broker().tenantAt(tenant.address())) && !tenant.owner().ended) {
            throw world.schedule().fail("somebody sleeps on another object's word");
        }
    }

    /** The value that is in the word is what operations made of it: permits are those that nobody took. */
    void wordSays(Thing thing) {
        if (!thing.corrupt && !thing.ended && !world.has(Flaw.LOSS_UNNOTICED)) {
            long there = world.value(thing);
            if (there != thing.value()) {
                throw world.schedule().fail("permits lost or doubled: " + there + " instead of " + thing.value());
            }
        }
    }

    /** Nobody can run. True if time goes on and somebody can; what is wrong is told to the schedule. */
    boolean quiet() {
        String violation = world.fate().excuses() ? locked() : disturbance();
        if (violation != null) {
            world.schedule().note(violation);
            return false;
        }
        return world.fate().goOn() || claimsTimeOut() || probe() || waitsTimeOut() || someoneLeft();
    }

    /** Whoever is stopped, the broker does not wait for him with a word that is locked. */
    private @Nullable String locked() {
        for (Thing thing : world.things()) {
            if (!thing.corrupt && !thing.ended && (Word.flags(world.peek(thing.current())) & Word.LOCKED) != 0) {
                return "locked while somebody is stopped";
            }
        }
        return null;
    }

    private @Nullable String disturbance() {
        Tenant disturbed = world.broker().disturbed();
        if (disturbed != null) {
            return "another object's word was changed: " + disturbed;
        }
        for (Thing thing : world.things()) {
            String lost = thing.ghost instanceof Leased leased && !thing.corrupt && !thing.members.isEmpty()
                    ? leased.lost(thing.total, thing.value())
                    : null;
            if (lost != null) {
                return lost;
            }
        }
        String pending = world.broker().pending();
        if (pending != null) {
            return pending;
        }
        for (Actor actor : world.schedule().actors) {
            if (actor.isAsleep()) {
                for (Actor.Bed bed : actor.beds) {
                    String why = bed.cell.tenant().owner().corrupt ? null : disturbance(actor, bed);
                    if (why != null) {
                        return why + ": " + actor;
                    }
                }
            }
        }
        return null;
    }

    private @Nullable String disturbance(Actor actor, Actor.Bed bed) {
        if (bed.half == Half.FLAGS) {
            return "left on the flags half";
        }
        Thing thing = bed.cell.tenant().owner();
        if (!bed.cell.tenant().equals(thing.current())) {
            return "asleep where the word was";
        }
        long word = world.peek(thing.current());
        if (thing.ghost.isThere(actor, Word.data(word) & Word.VALUE)) {
            return "asleep while it could be taken";
        }
        String missed = thing.ghost.missed(actor);
        if (missed != null) {
            return missed;
        }
        return (Word.data(word) & Word.WAITERS) == 0 ? "asleep and nobody would wake" : null;
    }

    private boolean claimsTimeOut() {
        boolean any = false;
        for (Actor actor : world.schedule().actors) {
            if (actor.isAsleep() && actor.claim) {
                actor.timedOut = true;
                any = true;
            }
        }
        return any;
    }

    /** A bad word that nobody looks at again hurts nobody; so somebody looks. */
    private boolean probe() {
        if (world.fate().hasCorruptionLeft()) {
            world.fate().corrupt();
        }
        for (Thing thing : world.things()) {
            for (ModelClient client : world.clients()) {
                if (thing.corrupt && !probed && client.holding(thing).isOpen() && !client.holding(thing).isOut()) {
                    probed = true;
                    Thread body = client.threads.getFirst().thread;
                    Program prober = new Program(world, client, client.holding(thing).openHandle());
                    world.schedule().spawn("prober of " + body.getName(), client, () -> prober.probe(thing));
                    return true;
                }
            }
        }
        return false;
    }

    private boolean waitsTimeOut() {
        boolean any = false;
        for (Actor actor : world.schedule().actors) {
            if (actor.isAsleep() && actor.timed && !world.isCorrupt()) {
                actor.timedOut = true;
                any = true;
            }
        }
        return any;
    }

    private boolean someoneLeft() {
        for (Actor actor : world.schedule().actors) {
            if (actor.isAsleep() && actor.beds.stream().anyMatch(bed -> bed.cell.tenant().owner().corrupt)) {
                world.schedule().note("asleep on a corrupted word: " + actor);
            }
        }
        return false;
    }
}
