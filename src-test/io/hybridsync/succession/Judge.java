package io.hybridsync.succession;

import io.hybridsync.broker.Reign;
import io.hybridsync.client.Dwelling;
import io.hybridsync.object.MutexRule;
import io.hybridsync.object.model.Actor;
import io.hybridsync.slab.Half;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold: at every write, whenever nobody can run, and in the end. */
final class Judge {

    /** So often time may pass in a row without anything to show for it. */
    private static final int ROUNDS = 8;

    private static final int TOKEN = 2;

    private final Realm realm;
    private final Map<Long, Block> slabs = new HashMap<>();
    private final Map<Actor, Errand> errands = new HashMap<>();
    private final Set<Actor> sleepers = new HashSet<>();
    private final Map<Actor, Set<Thing>> released = new HashMap<>();
    private @Nullable Throne patrolled;
    private long scribbles;
    private int rounds;
    private boolean closing;

    Judge(Realm realm) {
        this.realm = realm;
    }

    void knows(Block slab) {
        slabs.put(slab.id, slab);
    }

    /** A thread waits for something from now on; null for nothing. */
    void errand(@Nullable Errand errand) {
        sleepers.remove(realm.schedule().self());
        released.remove(realm.schedule().self());
        if (errand == null) {
            errands.remove(realm.schedule().self());
        } else {
            errands.put(realm.schedule().self(), errand);
        }
    }

    /** A thread has looked, found nothing, and sleeps: from now on it waits. */
    void sleeps(Actor actor) {
        sleepers.add(actor);
    }

    /** Everybody who waits at an event is let go; at most one of them if it resets itself. */
    void letGo(Thing thing) {
        for (Actor sleeper : sleepers) {
            Errand errand = errands.get(sleeper);
            if (errand != null && errand.objects().contains(thing.id) && (!errand.all() || errand.objects().size() == 1)) {
                released.computeIfAbsent(sleeper, actor -> new HashSet<>()).add(thing);
                realm.chronicle().letGo++;
            }
        }
    }

    @Nullable Block slab(long id) {
        return slabs.get(id);
    }

    /** Whether programs are to come to their end. */
    boolean isClosing() {
        return closing;
    }

    /** Nowhere else is a word that an operation would succeed on. */
    void isAtOnePlace(Thing thing) {
        Thing.Place first = null;
        for (Thing.Place place : thing.places) {
            if (place.isPlain(word(place.location()))) {
                if (first != null) {
                    throw realm.schedule().fail("%s is at two places: %s, %s".formatted(thing, first.location(), place.location()));
                }
                first = place;
            }
        }
    }

    private long word(Location location) {
        Block slab = slabs.get(location.slab());
        return slab == null ? 0 : slab.get(location.offset());
    }

    /** Nobody can run. True if time goes on and somebody can; what is wrong is told to the schedule. */
    boolean quiet() {
        if (realm.throne() == null) {
            realm.succeed();
            return true;
        }
        if (realm.members().stream().anyMatch(Member::isHalted)) {
            realm.fate().goOn();
            return true;
        }
        if (realm.dormitory().timeOut(nap -> realm.isGone(nap.actor)) || pass()) {
            return true;
        }
        String violation = disturbance();
        if (violation != null) {
            realm.schedule().note(violation);
            return false;
        }
        rounds = 0;
        if (realm.dormitory().timeOut(nap -> true)) {
            return true;
        }
        if (!closing) {
            closing = true;
            return true;
        }
        String rest = rest();
        if (rest != null) {
            realm.schedule().note(rest);
        }
        return false;
    }

    private boolean pass() {
        Throne throne = realm.throne();
        Reign reign = throne == null ? null : throne.reign();
        if (throne == null || reign == null || rounds >= ROUNDS) {
            return false;
        }
        boolean leaving = false;
        for (Member member : realm.members()) {
            if (!member.isGone() && member.household.isLeaving()) {
                leaving = true;
                member.household.lookAfter();
            }
        }
        if (patrolled != throne || scribbles != realm.chronicle().scribbles) {
            patrolled = throne;
            scribbles = realm.chronicle().scribbles;
            throne.patrols = realm.theme().has(Trait.SCRIBBLES);
        }
        throne.due = reign.hasMoreToDo();
        rounds++;
        return throne.due || leaving || throne.patrols;
    }

    private @Nullable String disturbance() {
        if (rounds >= ROUNDS) {
            return realm.members().stream().anyMatch(member -> !member.isGone() && member.household.isLeaving())
                    ? "a place is never left"
                    : "something is never done";
        }
        for (Member member : realm.members()) {
            if (!member.isGone() && !member.household.isServed()) {
                return "no broker serves " + member;
            }
        }
        for (Dormitory.Nap nap : realm.dormitory().naps()) {
            String why = realm.isGone(nap.actor) ? null : disturbance(nap);
            if (why != null) {
                return why + ": " + nap.actor;
            }
        }
        for (Thing thing : realm.things().values()) {
            String why = disturbance(thing);
            if (why != null) {
                return why;
            }
        }
        return null;
    }

    private @Nullable String disturbance(Dormitory.Nap nap) {
        Errand errand = errands.get(nap.actor);
        if (errand != null && errand.objects().stream().anyMatch(this::isBad)) {
            return "waits for what is corrupted";
        }
        if (nap.soon) {
            return "waits in vain to be told";
        }
        for (Dormitory.Bed bed : nap.beds) {
            if (bed.half == Half.FLAGS) {
                return "left on the flags half";
            }
            if (realm.things().values().stream().noneMatch(thing -> isAt(thing, bed.cell))) {
                return "asleep where the word was";
            }
            if ((Word.data(bed.cell.block.get(bed.cell.offset)) & Word.WAITERS) == 0) {
                return "asleep and nobody would wake";
            }
        }
        if (errand == null) {
            return null;
        }
        if (errand.isForSignal()) {
            return misses(nap, errand) ? "waits in vain for a signal" : null;
        }
        Set<Thing> due = released.getOrDefault(nap.actor, Set.of());
        for (Thing thing : due) {
            if (!thing.spec.has(Spec.AUTO_RESET)) {
                return "waiting although it was let go";
            }
            if ((thing.value & TOKEN) != 0) {
                return "nobody has taken the last pulse";
            }
        }
        boolean there = errand.all()
                ? errand.objects().stream().allMatch(this::isThere)
                : errand.objects().stream().anyMatch(this::isThere);
        return there ? "asleep while it could be taken" : null;
    }

    private boolean misses(Dormitory.Nap nap, Errand errand) {
        Thing thing = Objects.requireNonNull(realm.things().get(errand.objects().getFirst()));
        return nap.beds.isEmpty() && thing.agenda.isDue(errand.condition());
    }

    private boolean isBad(long object) {
        return Objects.requireNonNull(realm.things().get(object)).isBad();
    }

    private boolean isThere(long object) {
        Thing thing = Objects.requireNonNull(realm.things().get(object));
        Integer value = value(thing);
        return value != null && thing.isThere(value);
    }

    private boolean isAt(Thing thing, RealmSlab.RealmCell cell) {
        return thing.places.stream().anyMatch(place -> place.location().slab() == cell.block.id
                && place.location().offset() == cell.offset
                && slabs.get(place.location().slab()) == cell.block
                && place.isPlain(word(place.location())));
    }

    /** What the one plain word says; null where there is none that anybody could know. */
    private @Nullable Integer value(Thing thing) {
        for (Member member : realm.members()) {
            for (Dwelling dwelling : member.isGone() ? List.<Dwelling>of() : member.household.dwellings()) {
                if (dwelling.object() == thing.id) {
                    Location place = dwelling.place();
                    long word = word(place);
                    return Word.isValid(place.base(), word) ? Word.data(word) & Word.VALUE : null;
                }
            }
        }
        return null;
    }

    private @Nullable String disturbance(Thing thing) {
        if (thing.isBad()) {
            return null;
        }
        Set<Location> places = new HashSet<>();
        for (Member member : realm.members()) {
            for (Dwelling dwelling : member.isGone() ? List.<Dwelling>of() : member.household.dwellings()) {
                if (dwelling.object() == thing.id) {
                    places.add(dwelling.place());
                }
            }
        }
        if (places.isEmpty()) {
            return null;
        }
        if (places.size() > 1) {
            return "%s is at several places: %s".formatted(thing, places);
        }
        Integer value = value(thing);
        if (value == null) {
            return "the word of %s is bad at %s".formatted(thing, places);
        }
        if (!thing.isAtBroker()) {
            Location place = places.iterator().next();
            if (thing.places.stream().noneMatch(known -> known.location().equals(place) && known.isPlain(word(place)))) {
                return "the word of %s is claimed at %s: %016x".formatted(thing, place, word(place));
            }
        }
        return thing.isMutex() ? owner(thing, value) : sum(thing, value);
    }

    private @Nullable String owner(Thing thing, int value) {
        if (thing.isDeserted()) {
            return "%s is owned by a thread that has ended".formatted(thing);
        }
        return thing.isOrphaned(value) ? "%s is owned by %d, who is dead".formatted(thing, MutexRule.owner(value)) : null;
    }

    /** What is there, and what clients have, is what there was; but for what the dead may have been granted. */
    private @Nullable String sum(Thing thing, int value) {
        if (thing.spec.kind() == Kind.EVENT && !thing.spec.has(Spec.AUTO_RESET)) {
            return null;
        }
        int missing = thing.spec.initialData() - thing.level(value);
        int most = 0;
        int least = 0;
        for (Member member : realm.members()) {
            if (!thing.isLeased() || !member.isGone()) {
                missing -= member.has(thing.id);
            }
            if (!thing.isLeased() && member.isGone()) {
                for (Message message : member.household.unanswered()) {
                    most += asked(message, thing, false);
                    least -= asked(message, thing, true);
                }
            }
        }
        return missing < least || missing > most
                ? "of %s %d are missing, %d to %d may be; the word says %d".formatted(thing, missing, least, most, value)
                : null;
    }

    private static int asked(Message message, Thing thing, boolean given) {
        return switch (message) {
            case Message.Await await when !given ->
                (int) await.wanted().stream().map(Wanted::object).filter(object -> object == thing.id).count();
            case Message.Operate operate when operate.object() == thing.id && operate.rule() == Program.RELEASE == given ->
                operate.argument();
            default -> 0;
        };
    }

    private @Nullable String rest() {
        for (Member member : realm.members()) {
            for (Actor actor : member.actors.subList(1, member.actors.size())) {
                if (!member.isDead() && !actor.isDone()) {
                    return "it never ends: " + actor;
                }
            }
        }
        Throne throne = realm.throne();
        Reign reign = throne == null ? null : throne.reign();
        return reign != null && reign.objects() != 0 ? "objects that nobody has open: " + reign.objects() : null;
    }
}
