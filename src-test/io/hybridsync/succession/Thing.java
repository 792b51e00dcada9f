package io.hybridsync.succession;

import io.hybridsync.object.MutexRule;
import io.hybridsync.object.model.Actor;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** An object: all places where brokers have said that its word is or may be, and what has to be true of it. */
final class Thing {

    /** A place, and the base of the hashes there. */
    record Place(Location location, int base) {

        /** Whether a word there is the object's, and anybody may operate on it. */
        boolean isPlain(long word) {
            return (Word.flags(word) & CLAIMS) == 0 && Word.isValid(base, word);
        }

        /** Whether a broker is in the middle of something there. */
        boolean isLocked(long word) {
            return (Word.flags(word) & Word.LOCKED) != 0 && Word.isValid(base, word);
        }

        /** What is there instead when somebody has written to it: anything that nobody may operate on. */
        long spoilt(long word, SplittableRandom random) {
            long bad = switch (random.nextInt(3)) {
                case 0 -> random.nextLong();
                case 1 -> word ^ 1L << random.nextInt(Long.SIZE);
                default -> 0;
            };
            return isPlain(bad) ? 0 : bad;
        }
    }

    private static final int CLAIMS = Word.LOCKED | Word.MOVED | Word.CORRUPTED;

    final long id;
    final String name;
    final Spec spec;
    final List<Place> places = new ArrayList<>();

    /** What operations and grants have made of its value. */
    int value;

    /** Of a mutex: who owns it. Ids tell nobody from who had one before and is dead. */
    @Nullable Member owner;

    /** A broker was asked to take it, or to change it. */
    boolean asked;

    /** What its conditions are for, if it is a mutex. */
    final Agenda agenda = new Agenda();

    private final List<Actor> inside = new ArrayList<>();
    private boolean abandoned;
    private boolean bad;

    Thing(Message.Opened opened) {
        this.id = opened.object();
        this.name = opened.name();
        this.spec = opened.spec();
        this.value = opened.spec().initialData();
    }

    boolean isAtBroker() {
        return spec.has(Spec.FAIR) || spec.has(Spec.BROKER_ONLY);
    }

    boolean isMutex() {
        return spec.kind() == Kind.MUTEX;
    }

    boolean isLeased() {
        return spec.has(Spec.LEASED);
    }

    void learn(Location location) {
        if (!location.equals(Location.BROKER) && places.stream().noneMatch(place -> place.location.equals(location))) {
            places.add(new Place(location, location.base()));
        }
    }

    /** How much of it could be taken at a value. */
    int level(int of) {
        return switch (spec.kind()) {
            case SEMAPHORE -> of;
            case EVENT -> (of & 1) + (of >> 1 & 1 & (spec.has(Spec.AUTO_RESET) ? 1 : 0));
            case MUTEX -> of == 0 || of == MutexRule.OWNER_DIED ? 1 : 0;
        };
    }

    /** Whether it could be taken at a value by somebody who comes just now. */
    boolean isThere(int of) {
        return spec.kind() == Kind.EVENT ? (of & 1) != 0 : level(of) > 0;
    }

    /** Somebody has written to its word who must not. */
    void spoil() {
        bad = true;
    }

    boolean isBad() {
        return bad;
    }

    /** Somebody has taken it; what is wrong with that. */
    @Nullable String enter(Actor actor, boolean adopted) {
        if (bad) {
            return null;
        }
        if (isMutex() && adopted != abandoned) {
            return adopted ? "told twice that it was abandoned" : "not told that it was abandoned";
        }
        abandoned = false;
        inside.add(actor);
        return !isPulsed() && inside.size() > spec.initialData() + (isMutex() ? 1 : 0) ? "too many are inside: " + inside : null;
    }

    /** Whether it is an event that anybody may signal. */
    private boolean isPulsed() {
        return spec.kind() == Kind.EVENT && spec.initialData() == 0;
    }

    /** Somebody has taken it who may have lost it again before he knows. */
    void haunted() {
        abandoned = false;
    }

    /** A client may have lost everything: what comes back may be another's. */
    void doubt(Member member) {
        if (isLeased()) {
            inside.removeIf(member.actors::contains);
        }
    }

    /** Somebody is about to give it back. */
    void exit(Actor actor) {
        inside.remove(actor);
    }

    /** A client was killed. What it has taken stays taken, unless that comes back. */
    void killed(Member member) {
        if (isMutex() || isLeased()) {
            inside.removeIf(member.actors::contains);
        }
        agenda.killed(member, owner == member);
        abandoned |= owner == member;
    }

    /** Its owner's client says that the thread has ended; whether that is so. */
    boolean desert() {
        agenda.abandoned();
        owned(null);
        return inside.removeIf(Actor::isDone);
    }

    /** Whether a thread is inside that has ended. */
    boolean isDeserted() {
        return inside.stream().anyMatch(Actor::isDone);
    }

    /** Somebody owns it from now on; null for one who is dead. */
    void owned(@Nullable Member by) {
        Member before = owner;
        if (by == null && before != null && before.isDoubtful()) {
            inside.removeIf(before.actors::contains);
        }
        owner = by;
        abandoned |= by == null;
    }

    /** Whether it is a mutex whose owner is dead, and its word does not say so. */
    boolean isOrphaned(int of) {
        return isOwned(of) && (owner == null || owner.isGone());
    }

    /** Whether it is a mutex that a broker may mark as abandoned. */
    boolean mayBeMarked(int of) {
        return isOwned(of) && (owner == null || owner.isDead() || owner.isDoubtful());
    }

    private boolean isOwned(int of) {
        return isMutex() && MutexRule.owner(of) != 0;
    }

    @Override
    public String toString() {
        return "%s %s 0x%x".formatted(spec.kind(), name, id);
    }
}
