package io.hybridsync.client;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.error.SyncException;
import io.hybridsync.object.Authority;
import io.hybridsync.object.Handle;
import io.hybridsync.object.Lease;
import io.hybridsync.object.Ownership;
import io.hybridsync.object.Portion;
import io.hybridsync.object.Rule;
import io.hybridsync.object.Spinning;
import io.hybridsync.object.Want;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Message;
import io.hybridsync.word.Location;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One object that a client of the simulation has open: what {@link Residence} is in a process, with its shipped portion and the
 * shipped {@link Places}, where a thread waits by the schedule.
 */
public final class Dwelling implements Authority {

    private final Message.Opened opened;
    private final Household household;
    private final Portion portion;
    private final Places places;
    private final @Nullable OwnerWatch owners;
    private Location home;
    private int handles;
    private boolean asking;
    private boolean leaving;
    private boolean corrupted;
    private long badWord;

    Dwelling(Message.Opened opened, Household household) {
        this.opened = opened;
        this.household = household;
        this.home = opened.home();
        Location location = opened.location();
        this.portion = new Portion(
                opened.object(),
                opened.name(),
                Residence.nature(opened.spec(), household.id(), () -> household.lease(opened.object())),
                location.equals(Location.BROKER) ? null : household.slot(location),
                this,
                Spinning.none(),
                false);
        this.places = new Places(portion, household, new AtomicLong(), this::hear);
        Ownership ownership = portion.nature().ownership();
        this.owners = ownership == null ? null : new OwnerWatch(portion, ownership, household.id(), household);
    }

    private @Nullable Slot hear(CompletableFuture<Slot> told, long ignored) {
        boolean _ = household.ground().awaitWord(told::isDone);
        return told.getNow(null);
    }

    /** The object's id. */
    public long object() {
        return opened.object();
    }

    /** The object's name. */
    public String name() {
        return opened.name();
    }

    /** Where the word is, as far as this client knows; where the broker has it, if it is its own. */
    public Location place() {
        Location here = portion.location();
        return here == null ? home : here;
    }

    Portion portion() {
        return portion;
    }

    Places places() {
        return places;
    }

    long homeSlab() {
        return home.slab();
    }

    Handle open() {
        handles++;
        return new Handle(portion);
    }

    /** One handle less; true if it was the last. */
    boolean close() {
        return --handles == 0;
    }

    /** Ends the portion, and waits until nobody is at any of its places. */
    void end() {
        Lease lease = portion.nature().lease();
        if (lease != null) {
            lease.end();
        }
        leaving = true;
        portion.end(() -> new ObjectClosedException("closed"));
        drain();
    }

    /** The portion has ended: waits until nobody is at any of its places. */
    void drain() {
        while (places.isAnyOnSlowPath()) {
            places.wakeAll();
        }
    }

    /** Ends the portion because the broker has taken the object away; {@link #drain} follows. */
    void takeAway(SyncException why) {
        portion.end(() -> new BrokerUnavailableException(String.valueOf(why.getMessage()), why));
        portion.wakeAll();
    }

    /** By the connection's thread: if a thread has ended that owned it, the word will be marked. */
    void abandonWhatTheDeadOwn() {
        if (owners != null) {
            owners.look();
        }
    }

    /** Whether it is being closed: the next broker is not told of it. */
    boolean isLeaving() {
        return leaving;
    }

    void located(Message.Located located) {
        home = located.home();
        places.located(located.location());
    }

    Message.HandObject hand() {
        Location here = places.known();
        Lease lease = portion.nature().lease();
        return new Message.HandObject(
                portion.id(),
                opened.name(),
                opened.spec(),
                opened.token(),
                here == null ? Location.BROKER : here,
                home,
                opened.created(),
                true,
                corrupted || places.isNowhere(),
                badWord,
                lease == null ? 0 : lease.granted(),
                places.unseen(here));
    }

    /** A broker has taken permits for this client, or if negative has released them. */
    void granted(int permits) {
        Lease lease = portion.nature().lease();
        if (lease != null) {
            lease.granted(permits);
        }
    }

    /** Time-outs of claims are the schedule's. */
    @Override
    public long claimTimeoutNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public Verdict askLocked(Portion ignored, Slot slot, Patience patience) {
        return ask(slot);
    }

    @Override
    public Verdict follow(Portion ignored, Slot slot, Patience patience) {
        Verdict verdict = places.follow(slot, patience);
        return verdict == null ? ask(slot) : verdict;
    }

    private Verdict ask(Slot slot) {
        household.ground().await(() -> !asking);
        asking = true;
        try {
            return askAlone(slot);
        } finally {
            asking = false;
        }
    }

    private Verdict askAlone(Slot slot) {
        if (places.hasPassed(slot)) {
            return Verdict.GONE;
        }
        Message.ClaimAnswer answer = household.ask(
                number -> new Message.Claim(number, portion.id(), slot.location()), Message.ClaimAnswer.class);
        if (places.hasPassed(slot)) {
            return Verdict.GONE;
        }
        return switch (answer.claim()) {
            case CONFIRMED -> Verdict.CONFIRMED;
            case GONE -> Verdict.GONE;
            case REFUTED -> Verdict.REFUTED;
        };
    }

    @Override
    public long operate(Portion ignored, Rule rule, int argument) {
        return household.operate(this, rule, argument);
    }

    @Override
    public long look(Portion ignored, Patience patience) {
        return household.operate(this, Rule.LOOK, 0);
    }

    @Override
    public Grant await(boolean all, List<Want> wants, @Nullable Want alert, Patience patience) throws InterruptedException {
        return new BrokerWaits(household).await(all, wants, alert, patience);
    }

    @Override
    public void signaled(Portion ignored) {
        household.tell(new Message.Signaled(portion.id()));
    }

    @Override
    public void corrupted(Portion ignored, Slot slot, long word) {
        household.ground().condemned(opened.object(), slot.location(), word);
        badWord = word;
        corrupted = true;
        household.tell(new Message.Corrupted(portion.id(), slot.location(), word));
    }

    @Override
    public List<Writer> writers(Portion ignored) {
        return List.of();
    }
}
