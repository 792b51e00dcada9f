package io.hybridsync.object;

import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Sleep;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Word;
import java.util.List;

/**
 * One object of one wait of one thread: what the thread wants of it, and what it has seen of it so far.
 *
 * <p>Confined to that thread.
 */
public final class Want {

    private final Handle handle;
    private final Portion portion;
    private final Rule rule;
    private int argument;
    private int refused;
    private boolean unsettled;
    private boolean adopted;

    /** What a rule takes. */
    Want(Handle handle, Rule rule, int argument) {
        this.handle = handle;
        this.portion = handle.portion();
        this.rule = rule;
        this.argument = argument;
    }

    /** What a rule takes that was refused at a first look: the wait counts from there, pulses since are not missed. */
    static Want refused(Handle handle, Rule rule, int argument, long result) {
        Want want = new Want(handle, rule, argument);
        boolean _ = want.seen(result);
        return want;
    }

    /** What a wait for several objects takes of this one. */
    static Want of(Handle handle) {
        Nature nature = handle.portion().nature();
        return new Want(handle, nature.taking(), nature.argument());
    }

    /** The object's id in its domain. */
    public long object() {
        return portion.id();
    }

    /** The rule that takes it. */
    public Rule rule() {
        return rule;
    }

    /** The rule's argument, which knows since when the thread waits. */
    public int argument() {
        return argument;
    }

    /** As {@link Authority#keepOpen}. */
    public boolean keepOpen() {
        return portion.authority().keepOpen(portion, this);
    }

    /** As {@link Authority#mayClose}. */
    public void mayClose() {
        portion.authority().mayClose(portion, this);
    }

    /** Throws if the handle it is wanted through was closed meanwhile. */
    public void checkOpen() {
        handle.checkOpen();
    }

    Handle handle() {
        return handle;
    }

    Portion portion() {
        return portion;
    }

    /** The first in the list that wants the same object, or -1. */
    int indexIn(List<Want> wants) {
        for (int i = 0; i < wants.size(); i++) {
            if (wants.get(i).object() == object()) {
                return i;
            }
        }
        return -1;
    }

    /** Whether it is a mutex that the calling thread owns: no wait for it ever takes long, whatever the word says. */
    boolean isMine() {
        Ownership ownership = portion.nature().ownership();
        return ownership != null && ownership.isMine();
    }

    /**
     * The thread begins to wait at the broker: keeps what a look finds, if it matters. The broker looks again, but it may be
     * the next one that does, after a pulse. Who has no time to look, or not enough for an answer, waits since the broker does.
     */
    void begin(Patience patience) {
        if (portion.nature().kind() == Kind.EVENT && !patience.isOver()) {
            long seen = portion.look(patience);
            argument = seen == Authority.NOT_SEEN ? argument : rule.waitingSince((int) seen, argument);
        }
    }

    /** Takes it if it is there just now. Does not wait for claims of the broker. */
    boolean take() {
        return isMine() ? takeAgain() : seen(portion.applyNow(rule, argument));
    }

    private boolean takeAgain() {
        unsettled = false;
        Ownership ownership = portion.nature().ownership();
        return ownership != null && ownership.again();
    }

    private boolean seen(long result) {
        unsettled = result == Portion.UNSETTLED;
        if (result >= 0) {
            taken(result == MutexRule.OWNER_DIED);
        } else if (!unsettled) {
            refused = (int) ~result;
            argument = rule.waitingSince(refused, argument);
        }
        return result >= 0;
    }

    /**
     * The broker has taken it for this client: what is leased is held from now on. By any thread, while the one that waits
     * does nothing to it; before that one knows.
     */
    public void granted() {
        portion.granted(argument);
    }

    /** It was taken for the calling thread, by whomever. */
    void taken(boolean abandoned) {
        Ownership ownership = portion.nature().ownership();
        if (ownership != null) {
            ownership.acquired(abandoned);
            adopted = abandoned;
        }
    }

    /** It was {@link #granted} for a wait that nobody waits for any more. By any thread. */
    public void giveBack(boolean abandoned) {
        portion.giveBack(rule.undo(abandoned), argument);
    }

    /** How a wait ends that has taken it. */
    Ending ending() {
        return adopted ? Ending.ADOPTED : Ending.TAKEN;
    }

    /** Whether the latest look found a claim of the broker, and not whether it is there. */
    boolean isUnsettled() {
        return unsettled;
    }

    /** Waits for such a claim to end, or goes where the word has moved: CHANGED or WOKEN when it is worth looking again. */
    Sleep settle(Patience patience) {
        checkOpen();
        return portion.settle(portion.slot(), patience);
    }

    /** Whether the latest look that was refused ends the wait. */
    boolean isHopeless() {
        return rule.endsWait(refused);
    }

    /**
     * Says in the word that somebody waits, if it does not say so yet.
     *
     * @param word the word there, to which a rule may be applied
     * @return false when it is not what it was, or the thread has no reason to wait for it
     */
    boolean announce(Slot here, long word) {
        int data = Word.data(word);
        int value = data & Word.VALUE;
        if (wouldTake(value) || rule.endsWait(value)) {
            return false;
        }
        return (data & Word.WAITERS) != 0 || here.replace(word, data | Word.WAITERS, Word.flags(word));
    }

    /** Whether a word with this value could be taken. */
    boolean wouldTake(int value) {
        return rule.next(value, argument, portion.nature().maximum()) != Rule.REFUSED;
    }

    /** Where the word is, with the calling thread on the slow path there; to be paired with leaving it. */
    Slot enterSlowPath() {
        Slot here = portion.slot();
        here.enterSlowPath();
        if (handle.isClosed()) {
            here.leaveSlowPath();
            throw handle.closed();
        }
        return here;
    }
}
