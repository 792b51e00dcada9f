package io.hybridsync.succession;

import io.hybridsync.client.Ground;
import io.hybridsync.client.Household;
import io.hybridsync.client.SignalQueue;
import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.object.Ending;
import io.hybridsync.object.EventRule;
import io.hybridsync.object.Handle;
import io.hybridsync.object.MultiWait;
import io.hybridsync.object.Mutex;
import io.hybridsync.object.Result;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** What one thread of a client does: opens objects, takes one or several, gives them back, closes them. */
final class Program implements Runnable {

    static final int RELEASE = SemaphoreRule.RELEASE.code();

    /** So many steps something is kept that was taken, at most. */
    private static final int HOLD = 12;

    private final Realm realm;
    private final Member member;
    private final Theme theme;
    private final int acts;
    private final Map<Integer, Household.Key> keys = new TreeMap<>();
    private final Map<Integer, Mutex> mutexes = new TreeMap<>();

    Program(Realm realm, Member member, Theme theme, int acts) {
        this.realm = realm;
        this.member = member;
        this.theme = theme;
        this.acts = acts;
    }

    @Override
    public void run() {
        try {
            for (int i = 0; i < acts; i++) {
                if (!act()) {
                    realm.chronicle().deserters++;
                    member.runs(this::tidy);
                    return;
                }
            }
            tidy();
        } catch (InterruptedException e) {
            throw realm.schedule().fail("nobody interrupts it");
        } catch (BrokerUnavailableException e) {
            if (!member.household.isLost()) {
                throw e;
            }
        }
    }

    private void tidy() {
        realm.schedule().await(() -> realm.judge().isClosing() || member.household.isLost());
        keys.keySet().forEach(this::requireBad);
        List.copyOf(keys.keySet()).forEach(this::close);
    }

    /** Nobody can do anything any more with what is corrupted. */
    private void requireBad(int index) {
        if (thing(index).isBad()) {
            try {
                int value = handle(index).value();
                throw realm.schedule().fail("it is corrupted, and says %d: %s".formatted(value, thing(index)));
            } catch (CorruptedObjectException e) {
                member.step();
            }
        }
    }

    private SplittableRandom random() {
        return realm.schedule().random;
    }

    /** Whether the thread goes on. */
    private boolean act() throws InterruptedException {
        List<Integer> some = some();
        if (!some.stream().allMatch(this::open)) {
            return true;
        }
        long deadline = random().nextInt(4) == 0 ? Ground.PAST : Ground.DEADLINE;
        List<Integer> taken = take(some, deadline);
        if (!taken.isEmpty()) {
            hold(taken);
        }
        if (theme.has(Trait.DEAD_THREADS) && taken.stream().anyMatch(mutexes::containsKey) && random().nextInt(4) == 0) {
            return false;
        }
        taken.forEach(this::giveBack);
        for (int index : some) {
            if (random().nextInt(3) == 0) {
                close(index);
            }
        }
        return true;
    }

    private List<Integer> take(List<Integer> some, long deadline) throws InterruptedException {
        try {
            return some.size() == 1 ? one(some.getFirst(), deadline) : several(some, deadline);
        } catch (InterruptedException e) {
            if (!theme.has(Trait.INTERRUPTS)) {
                throw e;
            }
            return List.of();
        } catch (CorruptedObjectException e) {
            if (some.stream().noneMatch(index -> thing(index).isBad())) {
                throw e;
            }
            return List.of();
        } finally {
            realm.judge().errand(null);
        }
    }

    private void hold(List<Integer> taken) {
        for (int index : taken) {
            if (theme.has(Trait.CONDITIONS) && mutexes.containsKey(index)) {
                meet(index);
            }
        }
        for (int steps = random().nextInt(HOLD); steps > 0; steps--) {
            member.step();
        }
    }

    private void meet(int index) {
        int condition = random().nextInt(4) == 0 ? 1 : 0;
        Household.Key key = Objects.requireNonNull(keys.get(index));
        SignalQueue queue = member.household.queue(key, mutex(index), "condition " + condition);
        new Rendezvous(realm, thing(index), mutex(index), condition, queue).run();
    }

    /** One of the objects, or two in any order. */
    private List<Integer> some() {
        int first = random().nextInt(theme.specs().size());
        if (!theme.has(Trait.MULTI_WAITS) || random().nextInt(3) != 0) {
            return List.of(first);
        }
        int second = random().nextInt(theme.specs().size() - 1);
        return List.of(first, second < first ? second : second + 1);
    }

    /** False when the object is corrupted. */
    private boolean open(int index) {
        try {
            openNow(index);
            return true;
        } catch (CorruptedObjectException e) {
            String name = "thing " + index;
            if (realm.things().values().stream().noneMatch(thing -> thing.isBad() && thing.name.equals(name))) {
                throw e;
            }
            return false;
        }
    }

    private void openNow(int index) {
        if (!keys.containsKey(index)) {
            Household.Key key = member.household.open("thing " + index, theme.specs().get(index));
            keys.put(index, key);
            if (theme.specs().get(index).kind() == Kind.MUTEX) {
                mutexes.put(index, new Mutex(key.handle(), member.household.id(), true));
            }
        }
    }

    private void close(int index) {
        Household.Key key = keys.remove(index);
        mutexes.remove(index);
        member.household.close(Objects.requireNonNull(key));
    }

    private Handle handle(int index) {
        return Objects.requireNonNull(keys.get(index)).handle();
    }

    private Thing thing(int index) {
        return Objects.requireNonNull(
                realm.things().get(Objects.requireNonNull(keys.get(index)).dwelling().object()));
    }

    private List<Integer> one(int index, long deadline) throws InterruptedException {
        if (theme.has(Trait.PULSES) && theme.specs().get(index).kind() == Kind.EVENT && random().nextBoolean()) {
            signal(index);
            return List.of();
        }
        boolean bad = thing(index).isBad();
        realm.judge().errand(new Errand(List.of(thing(index).id), true));
        boolean adopted = false;
        boolean taken;
        switch (theme.specs().get(index).kind()) {
            case SEMAPHORE -> taken = handle(index).await(SemaphoreRule.ACQUIRE, 1, deadline, this);
            case EVENT -> taken = handle(index).await(EventRule.awaiting(isAuto(index)), EventRule.NOT_WAITING, deadline, this);
            default -> {
                Mutex mutex = mutex(index);
                taken = mutex.lock(deadline, this);
                adopted = taken && mutex.isAdopted();
            }
        }
        if (taken) {
            requireGood(index, bad);
            enter(index, adopted);
        }
        return taken ? List.of(index) : List.of();
    }

    private boolean isAuto(int index) {
        return theme.specs().get(index).has(Spec.AUTO_RESET);
    }

    private void signal(int index) {
        EventRule rule = switch (random().nextInt(4)) {
            case 0 -> EventRule.setting(isAuto(index));
            case 1 -> EventRule.RESET;
            default -> EventRule.pulsing(isAuto(index));
        };
        int _ = handle(index).attempt(rule, 0);
    }

    private void requireGood(int index, boolean wasBad) {
        if (wasBad) {
            throw realm.schedule().fail("it is corrupted, and somebody operates on it: " + thing(index));
        }
    }

    private Mutex mutex(int index) {
        return Objects.requireNonNull(mutexes.get(index));
    }

    private List<Integer> several(List<Integer> some, long deadline) throws InterruptedException {
        boolean all = random().nextInt(3) != 0;
        some.forEach(index -> thing(index).asked = true);
        realm.judge().errand(new Errand(some.stream().map(index -> thing(index).id).toList(), all));
        List<Integer> bad = some.stream().filter(index -> thing(index).isBad()).toList();
        MultiWait wait = new MultiWait(some.stream().map(this::handle).toList(), null, deadline, this, true);
        Result result = all ? wait.all() : wait.any();
        if (result.ending() == Ending.TIMED_OUT) {
            return List.of();
        }
        List<Integer> taken = all ? some : List.of(some.get(result.index()));
        bad.forEach(index -> requireGood(index, true));
        List<Integer> adopted = taken.stream().filter(index -> mutexes.containsKey(index) && mutex(index).isAdopted()).toList();
        if (adopted.isEmpty() != (result.ending() == Ending.TAKEN)) {
            throw realm.schedule().fail("%s is what it says of %s, where these were abandoned: %s".formatted(result, taken, adopted));
        }
        taken.forEach(index -> enter(index, adopted.contains(index)));
        return taken;
    }

    private void enter(int index, boolean adopted) {
        if (member.isDoubtful()) {
            return;
        }
        String wrong = thing(index).enter(realm.schedule().self(), adopted);
        if (wrong != null) {
            throw realm.schedule().fail(wrong);
        }
    }

    private void giveBack(int index) {
        thing(index).exit(realm.schedule().self());
        boolean bad = thing(index).isBad();
        try {
            if (!release(index)) {
                throw realm.schedule().fail("what was taken cannot be given back: " + thing(index));
            }
            requireGood(index, bad);
        } catch (CorruptedObjectException e) {
            if (!thing(index).isBad()) {
                throw e;
            }
        }
    }

    private boolean release(int index) {
        return switch (theme.specs().get(index).kind()) {
            case SEMAPHORE -> handle(index).attempt(SemaphoreRule.RELEASE, 1) != Rule.REFUSED;
            case EVENT -> theme.has(Trait.PULSES) || handle(index).attempt(EventRule.setting(true), 0) != Rule.REFUSED;
            case MUTEX -> {
                mutex(index).unlock();
                yield true;
            }
        };
    }
}
