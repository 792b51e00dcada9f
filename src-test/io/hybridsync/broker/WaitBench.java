package io.hybridsync.broker;

import io.hybridsync.object.Rule;
import io.hybridsync.slab.Cell;
import io.hybridsync.wire.Entry;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Clients of a {@link Bench} that operate on words as clients do, wait at the broker, and are answered. */
final class WaitBench {

    static final Spec SEMAPHORE = new Spec(Kind.SEMAPHORE, 0, 5, 0);
    static final Spec MUTEX = new Spec(Kind.MUTEX, 0, 1, 0);
    static final Spec LOCKED = new Spec(Kind.MUTEX, 1, 1, 0);
    static final Spec MANUAL = new Spec(Kind.EVENT, 0, 1, 0);
    static final Spec AUTO = new Spec(Kind.EVENT, 0, 1, Spec.AUTO_RESET);

    final Bench bench;
    private final long observer;
    private int lastRequest = 1000;

    WaitBench(Options options) {
        bench = new Bench(options);
        observer = bench.client();
    }

    static Spec with(Spec spec, int attributes) {
        return new Spec(spec.kind(), spec.initialData(), spec.maximum(), spec.attributes() | attributes);
    }

    long client() {
        return bench.client();
    }

    int id(long client) {
        return bench.id(client);
    }

    /** Creates an object of that name; its id. */
    long create(long client, String name, Spec spec) {
        return open(client, Mode.CREATE, name, spec, false).object();
    }

    long join(long client, String name, Kind kind) {
        return open(client, Mode.OPEN, name, Spec.existing(kind), false).object();
    }

    Message.Opened open(long client, Mode mode, String name, Spec spec, boolean query) {
        Deque<Object> before = new ArrayDeque<>(bench.out(client));
        bench.out(client).clear();
        bench.say(client, new Message.Open(++lastRequest, mode, spec.kind(), name, spec, query));
        Message.Opened opened = null;
        for (Object next : bench.out(client)) {
            if (next instanceof Message.Opened answer) {
                opened = answer;
            } else {
                before.add(next);
            }
        }
        bench.out(client).clear();
        bench.out(client).addAll(before);
        if (opened == null) {
            throw new AssertionError("not opened: " + before);
        }
        return opened;
    }

    void close(long client, long object) {
        bench.say(client, new Message.Close(++lastRequest, object));
    }

    static Wanted wanted(long object, Rule rule, int argument) {
        return new Wanted(object, rule.code(), argument);
    }

    /** Waits for any of them; the number of the wait. */
    int any(long client, Wanted... wanted) {
        return await(client, false, List.of(wanted), List.of());
    }

    int all(long client, Wanted... wanted) {
        return await(client, true, List.of(wanted), List.of());
    }

    int await(long client, boolean all, List<Wanted> wanted, List<Wanted> alert) {
        bench.say(client, new Message.Await(++lastRequest, all, wanted, alert));
        return lastRequest;
    }

    void withdraw(long client, int request) {
        bench.say(client, new Message.Withdraw(request));
    }

    int awaitCondition(long client, long mutex, String condition) {
        bench.say(client, new Message.ConditionAwait(++lastRequest, mutex, condition));
        return lastRequest;
    }

    void signalCondition(long client, long mutex, String condition, boolean all) {
        bench.say(client, new Message.ConditionSignal(++lastRequest, mutex, condition, all));
        if (!(last(client) instanceof Message.Done)) {
            throw new AssertionError("not signaled");
        }
    }

    private Object last(long client) {
        Object last = bench.out(client).getLast();
        bench.out(client).removeIf(next -> next instanceof Message.Answer answer && answer.request() == lastRequest);
        return last;
    }

    /** Operates at the broker; the answer. */
    Message.Answer operate(long client, long object, int rule, int argument) {
        bench.say(client, new Message.Operate(++lastRequest, object, rule, argument));
        for (Object next : List.copyOf(bench.out(client))) {
            if (next instanceof Message.Answer answer && answer.request() == lastRequest) {
                bench.out(client).remove(next);
                return answer;
            }
        }
        throw new AssertionError("no answer");
    }

    long operate(long client, long object, Rule rule, int argument) {
        return ((Message.Operated) operate(client, object, rule.code(), argument)).result();
    }

    /** Does what a client does in shared memory: applies a rule to the word; whether the broker is to be told. */
    boolean write(long object, Rule rule, int argument) {
        Entry entry = entry(object);
        Location location = entry.location();
        Cell cell = bench.memory.cell(location);
        long word = cell.load();
        int next = rule.next(Word.data(word) & Word.VALUE, argument, entry.spec().maximum());
        if (next == Rule.REFUSED) {
            throw new AssertionError(rule + " is refused at " + (Word.data(word) & Word.VALUE));
        }
        cell.store(Word.pack(location.base(), next | (Word.data(word) & Word.WAITERS), Word.flags(word)));
        return rule.signals() && (Word.flags(word) & Word.WAKE_BROKER) != 0;
    }

    /** The same, and the broker is told. */
    void signal(long client, long object, Rule rule, int argument) {
        if (write(object, rule, argument)) {
            bench.say(client, new Message.Signaled(object));
        }
    }

    Entry entry(long object) {
        return ((Message.Listing) bench.describe(observer, object)).entries().getFirst();
    }

    int value(long object) {
        return entry(object).value();
    }

    boolean isSubscribed(long object) {
        return (entry(object).flags() & Word.WAKE_BROKER) != 0;
    }

    /** What a client has been answered since; empties it. */
    List<Message.Answer> answers(long client) {
        List<Message.Answer> answers = bench.out(client).stream()
                .filter(Message.Answer.class::isInstance)
                .map(Message.Answer.class::cast)
                .toList();
        bench.out(client).clear();
        return answers;
    }

    static Message.Awaited taken(int request, int index, Integer... abandoned) {
        return new Message.Awaited(request, WaitOutcome.TAKEN, index, List.of(abandoned));
    }

    static Message.Awaited outcome(int request, WaitOutcome outcome, int index) {
        return new Message.Awaited(request, outcome, index, List.of());
    }
}
