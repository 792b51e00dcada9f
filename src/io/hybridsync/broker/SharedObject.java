package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import io.hybridsync.object.Values;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Half;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Token;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.function.Consumer;

/**
 * A semaphore, mutex or event as the broker knows it. All but the word itself is private memory of the broker; what the
 * word says is never taken for granted.
 */
final class SharedObject {

    /** How often a mark may lose against others who write to the word. */
    private static final int MARK_ATTEMPTS = 1000;

    private final long id;
    private final String name;
    private final Spec spec;
    private final Token token;
    private final Session creator;
    private final Consumer<SharedObject> condemned;
    private Group group;
    private Slot slot;
    private MemberSet holders = MemberSet.NONE;
    private MemberSet strangers = MemberSet.NONE;
    private MemberSet untold = MemberSet.NONE;
    private int lastMove;
    private boolean corrupted;
    private long badWord;
    private Location badPlace = Location.BROKER;
    private MemberSet writers = MemberSet.NONE;

    /**
     * @param creator the client against whose quota it counts
     * @param condemned is told when the word is found bad, once
     */
    SharedObject(
            long id,
            String name,
            Spec spec,
            Token token,
            Session creator,
            Consumer<SharedObject> condemned,
            Group group,
            Slot slot) {
        this.id = id;
        this.name = name;
        this.spec = spec;
        this.token = token;
        this.creator = creator;
        this.condemned = condemned;
        this.group = group;
        this.slot = slot;
    }

    long id() {
        return id;
    }

    /** Its name, "" for none. */
    String name() {
        return name;
    }

    Spec spec() {
        return spec;
    }

    Token token() {
        return token;
    }

    Session creator() {
        return creator;
    }

    Group group() {
        return group;
    }

    /** Where it lives. */
    Slot slot() {
        return slot;
    }

    /** Where clients are to look for it: where it lives, unless that is the broker's own memory. */
    Location location() {
        return isAtBroker() ? Location.BROKER : slot.location();
    }

    /** Where it lives if that is the broker's own memory; otherwise {@link Location#BROKER}. */
    Location home() {
        return isAtBroker() ? slot.location() : Location.BROKER;
    }

    /** Whether the word is in memory that no client maps, and operations are messages. */
    boolean isAtBroker() {
        return isAtBroker(spec);
    }

    /** Whether an object like that is the broker's own. */
    static boolean isAtBroker(Spec spec) {
        return spec.has(Spec.BROKER_ONLY) || spec.has(Spec.FAIR);
    }

    /** Whether it stays where it is, whoever has it open. */
    boolean stays() {
        return spec.has(Spec.GLOBAL) || isAtBroker();
    }

    /** Whether who waits for it gets it strictly in turn. */
    boolean isFair() {
        return spec.has(Spec.FAIR);
    }

    /** A step on the word where it is now. */
    Step step(Rule rule, int argument) {
        return new Step(slot, rule, argument, spec.maximum());
    }

    /** The latest number that was given to a move of it, also to one that was given up. */
    int lastMove() {
        return lastMove;
    }

    void setLastMove(int move) {
        lastMove = move;
    }

    /** It lives elsewhere now. */
    void moved(Group newGroup, Slot newSlot) {
        group = newGroup;
        slot = newSlot;
        strangers = MemberSet.NONE;
    }

    /** Its group has become part of another. */
    void merged(Group newGroup) {
        group = newGroup;
    }

    /** The word, whatever it is. */
    long word() {
        return slot.load();
    }

    /** The clients that have it open. */
    MemberSet holders() {
        return holders;
    }

    /** Whether nobody has it open any more: then its place is not its own. */
    boolean isGone() {
        return holders.isEmpty();
    }

    void setHolders(MemberSet newHolders) {
        holders = newHolders;
    }

    /**
     * Clients that do not have it open any more, but live, and have not said that they have left the place where it is:
     * they have lost their connection. The place must not become another object's as long as they live.
     */
    MemberSet strangers() {
        return strangers;
    }

    void addStranger(int clientId) {
        strangers = strangers.with(clientId);
    }

    void removeStranger(int clientId) {
        strangers = strangers.without(clientId);
    }

    /** Clients that have been at the broker before, and may not have been told yet where this one has the word. */
    MemberSet untold() {
        return untold;
    }

    void setUntold(MemberSet clients) {
        untold = clients;
    }

    /** Everybody who may be at the place where it is. */
    MemberSet visitors() {
        return holders.withAll(strangers);
    }

    /**
     * Whether the word does not verify, is marked as corrupted, or ever did or was. The mark in shared memory may be
     * overwritten, what is known here is not.
     */
    boolean isCorrupted() {
        if (!corrupted && !isSound(slot.load())) {
            long word = slot.load();
            if (!isSound(word)) {
                corrupt(word);
            }
        }
        return corrupted;
    }

    /** The word that was found bad first. */
    long badWord() {
        return badWord;
    }

    /** Where that was. */
    Location badPlace() {
        return badPlace;
    }

    /** Who could have written it: the clients that have its memory mapped, or had when it was found bad. */
    MemberSet writers() {
        return corrupted ? writers : visitors().withAll(group.memberSet());
    }

    /**
     * A client that has it open saw this word here. It could have written it, so it is believed.
     *
     * @return false if there is nothing wrong with the word
     */
    boolean reported(long word) {
        return !isSound(word) && found(location(), word, writers());
    }

    /**
     * The same where the word was before, and the client has not left.
     *
     * @param members the clients that have the memory there
     */
    boolean reportedBefore(Location place, long word, MemberSet members) {
        return !isTombstone(place, word) && found(place, word, members);
    }

    private boolean found(Location place, long word, MemberSet writersThere) {
        if (!corrupted) {
            corrupt(place, word, writersThere);
        }
        return true;
    }

    /** The word was found to be bad, by whatever means. */
    void condemn() {
        if (!corrupted) {
            corrupt(slot.load());
        }
    }

    /** This word was found to be bad, here or where it was before, by whatever means. */
    void condemn(long word) {
        if (!corrupted) {
            corrupt(word);
        }
    }

    private static boolean isTombstone(Location place, long word) {
        return Word.isValid(place.base(), word) && (Word.flags(word) & (Word.MOVED | Word.CORRUPTED)) == Word.MOVED;
    }

    /** This broker makes no claims that outlast an event. */
    private boolean isSound(long word) {
        return Step.isSound(slot, word)
                && Values.isLegal(spec.kind(), spec.has(Spec.AUTO_RESET), spec.maximum(), Word.data(word) & Word.VALUE);
    }

    private void corrupt(long word) {
        corrupt(location(), word, writers());
    }

    private void corrupt(Location place, long word, MemberSet writersThere) {
        corrupted = true;
        badWord = word;
        badPlace = place;
        writers = writersThere;
        mark();
        slot.cell().wake(Half.DATA, Cell.ALL);
        slot.cell().wake(Half.FLAGS, Cell.ALL);
        condemned.accept(this);
    }

    /** Sets CORRUPTED in the word. WAITERS goes: nobody sleeps here any more, and who is about to is turned back. */
    private void mark() {
        for (int attempt = 0; attempt < MARK_ATTEMPTS; attempt++) {
            long word = slot.load();
            boolean marked = slot.isValid(word) && (Word.flags(word) & Word.CORRUPTED) != 0;
            long mark = slot.pack(Word.data(word) & Word.VALUE, Word.CORRUPTED);
            if (marked || slot.cell().compareAndSet(word, mark)) {
                return;
            }
        }
    }

    /**
     * A client that had it open is gone, and may have taken a wake with it that was meant for others: wakes them all.
     * Also where WAITERS is clear: the dead may have cleared it in its release and not come to wake those it owed a
     * wake.
     */
    void wakeAfterDeath() {
        slot.cell().wake(Half.DATA, Cell.ALL);
        slot.cell().wake(Half.FLAGS, Cell.ALL);
    }

    /** For messages to people. */
    @Override
    public String toString() {
        return name.isEmpty() ? "%s 0x%x without a name".formatted(spec.kind(), id) : spec.kind() + " \"" + name + '"';
    }
}
