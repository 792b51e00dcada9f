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
        if (me.footprint.released && me.client != null && !world.has(Flaw.TOUCH_UNNOTICED)) {
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
            mayMark(valid, expected, next);
        } else if (!valid) {
            throw world.schedule().fail("an operation on a word that is bad or claimed: " + Long.toHexString(expected));
        } else if (Word.flags(next) != Word.flags(expected)) {
            throw world.schedule().fail("a flag of the broker was changed");
        }
    }

    private void mayMark(boolean valid, long expected, long next) {
        if (valid || !world.isCorrupt()) {
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
        if (!cell.tenant().equals(world.broker().tenantAt(cell.tenant().address())) && !world.isEnded()) {
            throw world.schedule().fail("somebody sleeps on another object's word");
        }
    }

    /** The permits that are in the word are those that nobody took. */
    void wordSays() {
        if (!world.isCorrupt() && !world.isEnded()) {
            long there = Word.data(world.peek(world.broker().current())) & Word.VALUE;
            if (there != world.sum()) {
                throw world.schedule().fail("permits lost or doubled: " + there + " instead of " + world.sum());
            }
        }
    }

    /** Nobody can run. True if time goes on and somebody can; what is wrong is told to the schedule. */
    boolean quiet() {
        String violation = disturbance();
        if (violation != null) {
            world.schedule().note(violation);
            return false;
        }
        return claimsTimeOut() || probe() || waitsTimeOut() || someoneLeft();
    }

    private @Nullable String disturbance() {
        Tenant disturbed = world.broker().disturbed();
        if (disturbed != null) {
            return "another object's word was changed: " + disturbed;
        }
        if (!world.isCorrupt()) {
            for (Actor actor : world.schedule().actors) {
                ModelCell bed = actor.bed;
                if (bed != null && actor.isAsleep()) {
                    String why = actor.half == Half.FLAGS ? "left on the flags half" : stranded(actor, bed);
                    if (why != null) {
                        return why + ": " + actor;
                    }
                }
            }
        }
        return null;
    }

    private @Nullable String stranded(Actor actor, ModelCell bed) {
        long word = world.peek(world.broker().current());
        if (!bed.tenant().equals(world.broker().current())) {
            return "asleep where the word was";
        }
        if ((Word.data(word) & Word.VALUE) >= actor.footprint.wanted) {
            return "asleep while the permits are there";
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
        ModelClient client = world.clients().stream().filter(c -> !c.isOut() && c.isOpen()).findFirst().orElse(null);
        if (!world.isCorrupt() || probed || client == null) {
            return false;
        }
        probed = true;
        Thread body = client.threads.getFirst().thread;
        world.schedule().spawn("prober of " + body.getName(), client, () -> new Program(world, client, 0).probe());
        return true;
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
            if (world.isCorrupt() && actor.isAsleep()) {
                world.schedule().note("asleep on a corrupted word: " + actor);
            }
        }
        return false;
    }
}
