package io.hybridsync.broker;

import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.Told;
import io.hybridsync.wire.Version;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A client of several brokers, one after the other: knows what a client knows, and hands it over. It hears what was sent to it
 * at once, as a client does that reads its socket to the end. It goes where a tombstone leads when it is told, or, if it is
 * slow, never by itself.
 */
final class Kin {

    /** An object that it has open. */
    static final class Home {
        final Message.Opened opened;
        Location location;
        Location home;
        int granted;
        final TreeMap<Integer, Location> told = new TreeMap<>();

        private Home(Message.Opened opened) {
            this.opened = opened;
            this.location = opened.location();
            this.home = opened.home();
        }
    }

    final long connection;
    final boolean slow;
    final Map<Long, Home> homes = new TreeMap<>();
    final Map<Integer, Message.FromClient> unanswered = new LinkedHashMap<>();
    final List<Message.Answer> answers = new ArrayList<>();
    final List<Message> news = new ArrayList<>();
    private final HeapSlabs memory;
    private final Map<Message.Hand, Boolean> kept = new LinkedHashMap<>();
    private final Map<Integer, Long> tickets = new LinkedHashMap<>();
    private final Map<Integer, Message.HandSignal> signals = new LinkedHashMap<>();
    @Nullable Slab journal;
    int id;
    int takenOver;

    Kin(long connection, HeapSlabs memory, boolean slow) {
        this.connection = connection;
        this.memory = memory;
        this.slow = slow;
    }

    Home home(String name) {
        return homes.values().stream()
                .filter(home -> home.opened.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What it closes it does not have open any more, whatever the broker says. */
    void ask(int request, Message.FromClient message) {
        unanswered.put(request, message);
        if (message instanceof Message.Close close) {
            homes.remove(close.object());
        }
    }

    void hear(Slab slab) {
        kept.put(new Message.Hand(Memory.SLAB, slab.id(), slab.size()), true);
    }

    void hear(Memory what, Slab slab) {
        journal = what == Memory.JOURNAL ? slab : journal;
        kept.put(new Message.Hand(what, slab.id(), slab.size()), true);
    }

    /** It had no room for the last journal that it was given, and has one of before or none. */
    void keepsInstead(@Nullable Slab former) {
        journal = former;
        if (former == null) {
            kept.keySet().removeIf(hand -> hand.memory() == Memory.JOURNAL);
        }
    }

    /** Lets go of the memory of brokers before in which nothing of it is any more. */
    void forgetsOldMemory() {
        kept.keySet().removeIf(hand -> hand.memory() == Memory.OWN
                && homes.values().stream().noneMatch(home -> home.home.slab() == hand.id()));
    }

    void hear(Message message) {
        switch (message) {
            case Message.Welcome welcome -> id = welcome.clientId();
            case Message.Opened opened -> {
                homes.putIfAbsent(opened.object(), new Home(opened));
                answered(opened);
            }
            case Message.Answer answer -> answered(answer);
            case Message.Moving moving -> {
                Home home = homes.get(moving.object());
                if (home != null) {
                    home.told.put(moving.move(), moving.to());
                }
            }
            case Message.Moved moved -> news.add(moved);
            case Message.SlabRevoke revoke -> kept.keySet().removeIf(hand -> hand.id() == revoke.slab());
            case Message.Queued queued -> tickets.put(queued.request(), queued.ticket());
            case Message.Located located -> {
                Home home = homes.get(located.object());
                if (home != null) {
                    home.location = located.location();
                    home.home = located.home();
                }
            }
            case Message.TakenOver over -> {
                takenOver++;
                homes.values().forEach(home -> home.told.clear());
            }
            default -> throw new AssertionError("what is " + message);
        }
    }

    private void answered(Message.Answer answer) {
        switch (unanswered.remove(answer.request())) {
            case Message.Await await when answer instanceof Message.Awaited got && got.outcome() == WaitOutcome.TAKEN ->
                await.wanted().forEach(wanted -> changed(wanted.object(), wanted.rule(), wanted.argument()));
            case Message.Operate operate when answer instanceof Message.Operated done && done.result() >= 0 ->
                changed(operate.object(), operate.rule(), operate.argument());
            case Message.ConditionAwait await when answer instanceof Message.Awaited got && got.outcome() == WaitOutcome.TAKEN ->
                signals.put(await.request(), new Message.HandSignal(await.request(), await.object(), await.condition()));
            case null, default -> {}
        }
        tickets.remove(answer.request());
        answers.add(answer);
    }

    /** A broker has taken or released permits for it. */
    private void changed(long object, int rule, int permits) {
        Home home = homes.get(object);
        if (home != null && home.opened.spec().has(Spec.LEASED)) {
            home.granted += rule == SemaphoreRule.RELEASE.code() ? -permits : permits;
        }
    }

    /** Who was signaled owns the mutex again: what it says to the broker, for each. */
    List<Message.FromClient> back() {
        List<Message.FromClient> said =
                signals.keySet().stream().<Message.FromClient>map(Message.ConditionLeft::new).toList();
        signals.clear();
        return said;
    }

    /** Who was signaled finds the mutex closed. */
    void forgetsSignals() {
        signals.clear();
    }

    int held(String name) {
        return home(name).granted;
    }

    /** Looks at the places that words may have left: what it says to the broker then. */
    List<Message.FromClient> look() {
        List<Message.FromClient> said = new ArrayList<>();
        for (Message message : List.copyOf(news)) {
            Message.Moved moved = (Message.Moved) message;
            Home home = homes.get(moved.object());
            if (home != null && (!slow || !home.location.equals(moved.from()))) {
                news.remove(message);
                follow(home);
                said.add(new Message.Acknowledge(moved.object(), moved.from()));
            }
        }
        return said;
    }

    private void follow(Home home) {
        for (;;) {
            long word = memory.cell(home.location).load();
            boolean buried = Word.isValid(home.location.base(), word) && (Word.flags(word) & Word.MOVED) != 0;
            Location next = buried ? home.told.get(Word.data(word)) : null;
            if (next == null) {
                return;
            }
            home.told.headMap(Word.data(word), true).clear();
            home.location = next;
        }
    }

    /** The broker is dead: a thread may have seen a tombstone before it was told of it; not if the client is slow. */
    boolean survive() {
        news.clear();
        return !slow && operate();
    }

    /** Goes where all words are, as it would to operate on them. */
    boolean operate() {
        homes.values().stream().filter(home -> !home.location.equals(Location.BROKER)).forEach(this::follow);
        return true;
    }

    /** All that it says to the next broker, in this order. */
    List<Message.FromClient> resume() {
        List<Message.FromClient> said = new ArrayList<>();
        said.add(new Message.Resume(Version.MAJOR, Version.MINOR, id, "a test"));
        said.addAll(kept.keySet());
        homes.values().forEach(home -> said.add(hand(home)));
        unanswered.forEach((request, message) -> {
            if (message instanceof Message.Await
                    || message instanceof Message.ConditionAwait
                    || message instanceof Message.Operate) {
                said.add(new Message.HandTicket(request, tickets.getOrDefault(request, Message.HandTicket.NONE)));
            }
        });
        said.addAll(signals.values());
        said.add(new Message.HandedOver());
        said.addAll(unanswered.values());
        return said;
    }

    private static Message.HandObject hand(Home home) {
        Message.Opened opened = home.opened;
        List<Told> told = home.told.entrySet().stream()
                .map(next -> new Told(next.getKey(), next.getValue()))
                .toList();
        return new Message.HandObject(
                opened.object(),
                opened.name(),
                opened.spec(),
                opened.token(),
                home.location,
                home.home,
                opened.created(),
                true,
                false,
                0,
                home.granted,
                told);
    }
}
