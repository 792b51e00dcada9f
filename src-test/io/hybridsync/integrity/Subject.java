package io.hybridsync.integrity;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One object, as it has to be: who has it open, and what every operation on it answers. What is corrupted answers one
 * thing only.
 */
final class Subject {

    /** Of the permits of every semaphore. */
    static final int MAXIMUM = 6;

    /** What every operation on a corrupted object answers. */
    static final String CORRUPTED = "CorruptedObjectException";

    private static final int KEPT_WORDS = 20;

    private final String name;
    private final Thing thing;
    private final Actor witness;
    private final List<Side> holders = new ArrayList<>();
    private final Deque<Long> history = new ArrayDeque<>();
    private int value;
    private @Nullable Side owner;
    private int depth;
    private boolean abandoned;
    private @Nullable Spot spot;

    /**
     * An object that nobody has open yet.
     *
     * @param witness who has it open as long as it lives, in this process
     * @param value permits, if it is a semaphore
     */
    Subject(String name, Thing thing, Actor witness, int value) {
        this.name = name;
        this.thing = thing;
        this.witness = witness;
        this.value = value;
    }

    String name() {
        return name;
    }

    Thing thing() {
        return thing;
    }

    Actor witness() {
        return witness;
    }

    /** Who has it open. */
    List<Side> holders() {
        return holders;
    }

    int value() {
        return value;
    }

    boolean isOwned() {
        return owner != null;
    }

    boolean isOwnedBy(Side side) {
        return side.equals(owner);
    }

    /** Whether a mutex is nobody's, and its last owner did unlock it. */
    boolean isFree() {
        return owner == null && !abandoned;
    }

    /** Somebody found this value, and that is right. */
    void adopt(int found) {
        value = found;
    }

    /** What an operation answers; this object takes the same step. */
    String step(Side who, Verb verb, int number) {
        return switch (verb) {
            case TAKE -> {
                boolean enough = value >= number;
                value -= enough ? number : 0;
                yield "" + enough;
            }
            case GIVE -> {
                boolean fits = value + number <= MAXIMUM;
                value += fits ? number : 0;
                yield fits ? "given" : "PermitLimitException";
            }
            case DRAIN -> "" + change(0);
            case COUNT -> "" + value;
            case LOCK -> lock(who);
            case UNLOCK -> unlock(who);
            case RECOVER -> "" + recover(who);
            case LOCKED -> "" + (owner != null);
            case SET -> "" + (change(1) == 1);
            case RESET, PULSE -> "" + (change(0) == 1);
            case PASS -> "" + ((thing == Thing.AUTO ? change(0) : value) == 1);
            case ASK -> "" + (value == 1);
        };
    }

    private int change(int next) {
        int before = value;
        value = next;
        return before;
    }

    private String lock(Side who) {
        if (owner == null && abandoned) {
            return "AbandonedMutexException";
        }
        boolean mine = owner == null || isOwnedBy(who);
        owner = owner == null ? who : owner;
        depth += mine ? 1 : 0;
        return "" + mine;
    }

    private String unlock(Side who) {
        if (!isOwnedBy(who)) {
            return "IllegalMonitorStateException";
        }
        depth--;
        owner = depth == 0 ? null : owner;
        return "unlocked";
    }

    private boolean recover(Side who) {
        boolean recovered = owner == null && abandoned;
        if (recovered) {
            owner = who;
            depth = 1;
            abandoned = false;
        }
        return recovered;
    }

    /** Whether an operation looks at the word, and not only at what is private to the client. */
    boolean looks(Side who, Verb verb) {
        return switch (verb) {
            case LOCK -> !isOwnedBy(who);
            case UNLOCK -> isOwnedBy(who) && depth == 1;
            default -> true;
        };
    }

    /** Somebody closes it; what that answers. */
    String close(Side who) {
        boolean owned = isOwnedBy(who);
        leave(who);
        return owned ? "IllegalStateException" : "closed";
    }

    /** Somebody has it open no longer, and what he owned is abandoned. */
    void leave(Side who) {
        holders.remove(who);
        spot = null;
        history.clear();
        if (isOwnedBy(who)) {
            owner = null;
            depth = 0;
            abandoned = true;
        }
    }

    /** Its word; it stays there until somebody opens or closes the object. */
    Spot spot() {
        Spot here = spot;
        if (here == null) {
            here = Spot.of(witness.object(name));
            spot = here;
        }
        return here;
    }

    /** The word may have gone elsewhere. */
    void moved() {
        spot = null;
        history.clear();
    }

    /** Keeps the present word, to be replayed. */
    void remember() {
        history.add(spot().load());
        if (history.size() > KEPT_WORDS) {
            history.remove();
        }
    }

    /** A word that it had at this place; the present one if there was no other. */
    long earlier(Random random) {
        long present = spot().load();
        List<Long> others = history.stream().filter(word -> word != present).distinct().toList();
        return others.isEmpty() ? present : others.get(random.nextInt(others.size()));
    }

    @Override
    public String toString() {
        return "%s %s (value %d, owner %s%s)".formatted(thing, name, value, owner, abandoned ? ", abandoned" : "");
    }
}
