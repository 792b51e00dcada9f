package io.hybridsync.broker;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.CodecFuzz;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Told;
import io.hybridsync.wire.Token;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whatever clients hand over to a broker that takes over, with whatever is in the memory that they have: it throws nothing; an
 * honest client that hands over what is its alone has it afterwards, as it was; and when all have gone nothing of them is left.
 *
 * <p>The input is read byte by byte: a client, what it does, and with which of a few things: so most of what is said nearly
 * fits together. What it does is one of {@link #events}, or beyond those any message, as its number, its length and its fields.
 * What the broker before has left of the honest client's word the last byte says, which is read twice for that: {@link Left}.
 */
public final class TakeOverFuzz {

    private static final int[] HOSTILE = {3, 5, 6};
    private static final int HONEST = 4;
    private static final int NONE = -1;

    /** What is no client's id. */
    private static final int[] IMPOSSIBLE = {0, -5, ClientIds.LAST + 1, Integer.MIN_VALUE};

    private static final int TOO_MANY = 7000;
    private static final long HEAP = 1 << 20;
    private static final long BEFORE = (long) Bench.LAST << Integer.SIZE;
    private static final List<Memory> MEMORY = List.of(Memory.values());
    private static final int SLABS = 4;
    private static final int SLAB_BYTES = 4096;
    private static final int SLOT_BYTES = 64;
    private static final String NAME = "honest";

    /** The honest client's own: no other says anything of it, unless {@link #shared}. */
    private static final long OWN = BEFORE + 99;

    private static final Location PLACE = new Location(OWN, SLOT_BYTES, 1);
    private static final Spec[] SPECS = {
        Bench.TWO_PERMITS,
        new Spec(Kind.SEMAPHORE, 3, 5, Spec.LEASED),
        new Spec(Kind.SEMAPHORE, 3, 5, Spec.LEASED | Spec.BROKER_ONLY),
        new Spec(Kind.SEMAPHORE, 0, 5, Spec.FAIR),
        new Spec(Kind.SEMAPHORE, 0, 5, Spec.GLOBAL),
        new Spec(Kind.MUTEX, 0, 1, 0),
        new Spec(Kind.MUTEX, 0, 1, Spec.ADOPT | Spec.COMPACT),
        new Spec(Kind.EVENT, 0, 1, Spec.AUTO_RESET | Spec.BROKER_ONLY)
    };

    private enum Left {
        /** As anybody would find it. */
        UNLOCKED(2, 2),

        /** It died in the middle of something, and has promised nothing. */
        LOCKED(2 | 1 << 31, 2),

        /** It has promised the client that it is to be 1, in the journal that it has written down. */
        PROMISED(2, 1);

        final int data;
        final int becomes;

        Left(int data, int becomes) {
            this.data = data;
            this.becomes = becomes;
        }

        long word() {
            return Word.pack(PLACE.base(), data, this == UNLOCKED ? 0 : Word.LOCKED);
        }
    }

    private final Bench bench =
            new Bench(Options.defaults().withQuotas(300, 20, 20, HEAP, 1 << 20).withWaits(20), heirs());
    private final List<Runnable> events = List.of(
            this::dies,
            this::isLost,
            this::resumes,
            this::handsMemory,
            this::handsObject,
            this::handsTicket,
            this::hasHandedOver,
            this::writesWord,
            this::writesToJournal,
            this::notesDown,
            this::notesDownOutcast,
            this::timePasses,
            this::theHonestOneComes,
            this::theTimeIsOver,
            this::somebodyNewComes,
            this::doesNotRead,
            this::liesWell);
    private final Map<Integer, Slab> journals = new HashMap<>();
    private final long[] clients = new long[HOSTILE.length];
    private final byte[] bytes;
    private int at;
    private int turn;

    /** Whose journal the next message carries, which others may have, too; {@link #NONE}: its own. */
    private int handed = NONE;

    private final Slab honestJournal = journal();
    private final Left left;
    private long honest;
    private boolean shared;

    private TakeOverFuzz(byte[] bytes) {
        this.bytes = bytes;
        this.left = Left.values()[bytes.length == 0 ? 0 : (bytes[bytes.length - 1] & 0xff) % Left.values().length];
    }

    private static List<Integer> heirs() {
        return List.of(HOSTILE[0], HOSTILE[1], HOSTILE[2], HONEST);
    }

    /** See the class. */
    public static void fuzzerTestOneInput(byte[] bytes) {
        new TakeOverFuzz(bytes).run();
    }

    private void run() {
        for (int i = 0; i < SLABS; i++) {
            bench.memory.create(BEFORE + i, SLAB_BYTES);
        }
        bench.memory.create(OWN, SLAB_BYTES);
        bench.memory.measures();
        bench.memory.cell(PLACE).store(left.word());
        if (left == Left.PROMISED) {
            promise();
        }
        for (int i = 0; i < HOSTILE.length; i++) {
            journals.put(i, journal());
            clients[i] = bench.connection();
        }
        while (at < bytes.length) {
            turn = next(HOSTILE.length);
            int event = next(256);
            if (event < events.size()) {
                events.get(event).run();
            } else {
                saysAnything(event - events.size());
            }
            bench.registry.roomAgain();
            bench.settle();
        }
        theTimeIsOver();
        requireHonestlyKept();
        end();
        bench.requireNothing(HEAP);
    }

    private void promise() {
        Journal.Change change =
                new Journal.Change(PLACE, left.word(), Word.pack(PLACE.base(), left.becomes, 0));
        Message.Answer reply = new Message.Awaited(1, WaitOutcome.TAKEN, 0, List.of());
        new Journal(honestJournal, Bench.LAST - 1)
                .write(new Journal.Entry(HONEST, 1, List.of(change), List.of(), reply));
        bench.memory.named(honestJournal);
    }

    private static Slab journal() {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        Journal _ = new Journal(memory, Bench.LAST);
        return memory;
    }

    private int next(int bound) {
        return at < bytes.length ? (bytes[at++] & 0xff) % bound : 0;
    }

    private long next64() {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | next(256);
        }
        return value;
    }

    private void say(Message message) {
        shared |= touches(message);
        bench.memory.handsJournal(journals.get(handed == NONE ? turn : handed));
        bench.say(clients[turn], message);
        if (bench.codes.containsKey(clients[turn])) {
            comeAgain();
        }
    }

    private void comeAgain() {
        bench.codes.remove(clients[turn]);
        clients[turn] = bench.connection();
    }

    private static boolean touches(Message message) {
        return switch (message) {
            case Message.Resume resume -> resume.clientId() == HONEST;
            case Message.Hand hand -> hand.id() == OWN;
            case Message.HandObject object -> object.object() == OWN || object.name().equals(NAME)
                    || object.token().equals(token((int) OWN)) || object.location().slab() == OWN
                    || object.home().slab() == OWN || object.told().stream().anyMatch(told -> told.to().slab() == OWN);
            case Message.Open open -> open.name().equals(NAME);
            case Message.OpenToken open -> open.token().equals(token((int) OWN));
            default -> false;
        };
    }

    private void dies() {
        int id = bench.id(clients[turn]);
        bench.registry.ended(clients[turn], true);
        bench.alive.remove(id);
        comeAgain();
    }

    private void isLost() {
        bench.registry.ended(clients[turn], false);
        comeAgain();
    }

    private void resumes() {
        int id = HOSTILE[(turn + next(HOSTILE.length)) % HOSTILE.length];
        say(new Message.Resume(Version.MAJOR, Version.MINOR, id, "a fuzzer"));
    }

    private void handsMemory() {
        Memory memory = MEMORY.get(next(MEMORY.size()));
        int size = switch (next(4)) {
            case 0 -> SLAB_BYTES;
            case 1 -> Journal.BYTES;
            case 2 -> 2 * SLAB_BYTES;
            default -> SLOT_BYTES;
        };
        int which = next(2 * SLABS);
        if (memory == Memory.JOURNAL) {
            handed = (turn + which / 2) % HOSTILE.length;
            hand(new Message.Hand(memory, 0, size));
            handed = NONE;
        } else {
            hand(new Message.Hand(memory, BEFORE + which, size));
        }
    }

    /** There is a file with it. */
    private void hand(Message.Hand hand) {
        if (hand.memory() != Memory.JOURNAL && bench.memory.size(hand.id()) == 0) {
            bench.memory.create(hand.id(), SLAB_BYTES);
        }
        say(hand);
    }

    private Location place() {
        int slab = next(2 * SLABS + 1);
        return slab == 2 * SLABS ? Location.BROKER : new Location(BEFORE + slab, SLOT_BYTES * next(8), 1 + next(2));
    }

    private static Token token(int number) {
        return new Token(9, number);
    }

    private void handsObject() {
        long object = BEFORE + next(6);
        String name = List.of("", "a", "b", "c").get(next(4));
        Spec spec = SPECS[next(SPECS.length)];
        Token token = token(next(6));
        Location location = place();
        Location home = place();
        int flags = next(16);
        boolean corrupted = (flags & 4) != 0;
        int granted = next(4);
        List<Told> told = Stream.generate(() -> new Told(next(4), place())).limit(next(3)).toList();
        say(new Message.HandObject(
                object, name, spec, token, location, home, (flags & 1) != 0, (flags & 2) != 0, corrupted,
                corrupted ? next64() : 0, granted, told));
    }

    private void handsTicket() {
        say(new Message.HandTicket(next(4), next(4) - 1));
    }

    private void hasHandedOver() {
        say(new Message.HandedOver());
    }

    private Location anyPlace() {
        return new Location(BEFORE + next(SLABS), SLOT_BYTES * next(8), 1 + next(2));
    }

    private long word(Location place) {
        int data = next(16) | (next(4) << 30);
        return Word.pack(place.base(), data, next(16));
    }

    private void writesWord() {
        Location place = anyPlace();
        bench.memory.cell(place).store(next(8) == 0 ? next64() : word(place));
    }

    /** Where the clients are written down that were expelled nothing is: to be believed of that is all that a majority needs. */
    private void writesToJournal() {
        int offset = Long.BYTES * next(256);
        Slab journal = journals.getOrDefault(turn, journal());
        if (offset < journal.size() - OutcastNotes.BYTES) {
            journal.cell(offset).store(next(2) == 0 ? next(16) : next64());
        }
    }

    private void notesDown() {
        List<Journal.Change> changes = new ArrayList<>();
        for (int i = next(4); i > 0; i--) {
            Location place = next(8) == 0 ? PLACE : anyPlace();
            long lock = word(place);
            long there = bench.memory.cell(PLACE).load();
            changes.add(new Journal.Change(place, place.equals(PLACE) ? there : lock, word(place)));
        }
        List<Journal.Permits> permits =
                Stream.generate(() -> new Journal.Permits(BEFORE + next(6), next(5) - 2)).limit(permits()).toList();
        int request = next(4);
        Message.Answer reply = next(2) == 0
                ? new Message.Awaited(request, WaitOutcome.TAKEN, 0, List.of())
                : new Message.Operated(request, next(4));
        Journal journal = new Journal(journals.getOrDefault(turn, journal()), Bench.LAST - next(3));
        journal.write(new Journal.Entry(HOSTILE[next(HOSTILE.length)], request, changes, permits, reply));
    }

    /** None, one or two; or more than any broker has ever owed. */
    private int permits() {
        int many = next(256);
        return many == 255 ? TOO_MANY : many % 3;
    }

    private void notesDownOutcast() {
        Journal journal = new Journal(journals.getOrDefault(turn, journal()), Bench.LAST);
        int client = HOSTILE[next(HOSTILE.length)];
        int slab = next(256);
        journal.outcasts().add(new Outcast(slab < 192 ? client : IMPOSSIBLE[slab % IMPOSSIBLE.length], BEFORE + slab % SLABS));
    }

    /** All that it says is as it has to be, but for what is in the journal. */
    private void liesWell() {
        say(new Message.Resume(Version.MAJOR, Version.MINOR, HOSTILE[turn], "a liar"));
        notesDown();
        if (next(4) == 0) {
            notesDownOutcast();
        }
        say(new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES));
        if (next(2) == 0) {
            say(new Message.Hand(Memory.SLAB, BEFORE + next(SLABS), SLAB_BYTES));
        }
        hasHandedOver();
    }

    private void timePasses() {
        bench.pass();
        bench.registry.lookForHeirs();
        bench.registry.patrol();
    }

    private void theHonestOneComes() {
        if (honest != 0) {
            return;
        }
        honest = bench.connection();
        bench.memory.handsJournal(honestJournal);
        bench.say(honest, new Message.Resume(Version.MAJOR, Version.MINOR, HONEST, "honest"));
        bench.say(honest, new Message.Hand(Memory.JOURNAL, 0, Journal.BYTES));
        bench.say(honest, new Message.Hand(Memory.SLAB, OWN, SLAB_BYTES));
        bench.say(honest, new Message.HandObject(
                OWN, NAME, Bench.TWO_PERMITS, token((int) OWN), PLACE, Location.BROKER, true, true, false, 0, 0, List.of()));
        bench.say(honest, new Message.HandedOver());
    }

    private void theTimeIsOver() {
        theHonestOneComes();
        bench.registry.takeOverNow();
    }

    private void somebodyNewComes() {
        isLost();
        say(new Message.Hello(Version.MAJOR, Version.MINOR, "a fuzzer"));
        int id = bench.id(clients[turn]);
        if (id != 0) {
            bench.alive.add(id);
        }
        say(new Message.Alive());
    }

    private void doesNotRead() {
        if (!bench.full.remove(clients[turn])) {
            bench.full.add(clients[turn]);
        }
    }

    private void saysAnything(int number) {
        int length = Math.min(next(256), bytes.length - at);
        Message message = CodecFuzz.message(number, bytes, at, length);
        at += length;
        if (message instanceof Message.Hand hand) {
            hand(hand);
        } else if (message != null) {
            say(message);
        }
    }

    private void requireHonestlyKept() {
        if (shared) {
            return;
        }
        Code refused = bench.codes.get(honest);
        if (refused != null || bench.registry.isTakingOver()) {
            throw new AssertionError("the honest one was refused: " + bench.refused.get(honest));
        }
        bench.out(honest).clear();
        if (!(bench.describe(honest, OWN) instanceof Message.Listing listing)
                || listing.entries().getFirst().value() != left.becomes
                || listing.entries().getFirst().corrupted()) {
            throw new AssertionError("what the honest one has is not as it was");
        }
    }

    private void end() {
        for (turn = 0; turn < clients.length; turn++) {
            bench.registry.ended(clients[turn], true);
        }
        bench.registry.ended(honest, true);
        List<Integer> ids = List.copyOf(bench.alive);
        bench.alive.clear();
        ids.forEach(bench.registry::died);
        bench.expelled.forEach(bench.registry::died);
        bench.registry.roomAgain();
        bench.pass();
        bench.settle();
    }
}
