package io.hybridsync.client;

import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Cell;
import io.hybridsync.wire.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/** Brokers of one domain, one after the other, and a client that none of them starts. */
final class Dynasty implements AutoCloseable {

    final Client client;
    private final Path parent;
    private volatile FakeBroker broker;
    private int before;

    /** @param answerTimeout how long the client waits for an answer */
    Dynasty(Path parent, Duration answerTimeout) {
        this(parent, answerTimeout, Optional.empty());
    }

    Dynasty(Path parent, Duration answerTimeout, Optional<Starter> starter) {
        this(parent, answerTimeout, starter, Means.ofTheMachine());
    }

    /** @param means what the machine gives the client */
    Dynasty(Path parent, Duration answerTimeout, Optional<Starter> starter, Means means) {
        this.parent = parent;
        this.broker = new FakeBroker(parent);
        Settings settings =
                new Settings("test", parent, Duration.ZERO, Duration.ofSeconds(10), false, starter);
        this.client = Client.connect(settings, answerTimeout, means);
    }

    static <T> FutureTask<T> start(Callable<T> callable) {
        FutureTask<T> task = new FutureTask<>(callable);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /** The present one, or the last. */
    FakeBroker broker() {
        return broker;
    }

    /** The broker is killed. */
    void dies() {
        broker.succeeded();
    }

    /** The broker is killed, and the client has noticed. */
    void diesAndIsMissed() {
        dies();
        while (Thread.getAllStackTraces().values().stream().noneMatch(Dynasty::looksForTheNext)) {
            Thread.onSpinWait();
        }
    }

    private static boolean looksForTheNext(StackTraceElement[] stack) {
        return Stream.of(stack)
                .anyMatch(frame -> frame.getClassName().equals(Connector.class.getName())
                        && frame.getMethodName().equals("findNext"));
    }

    /** There is another one. */
    FakeBroker next() {
        return next(FakeBroker::answer);
    }

    /** @param script what it does */
    FakeBroker next(FakeBroker.Script script) {
        broker = new FakeBroker(parent, ++before, script);
        return broker;
    }

    /** A semaphore in memory that the broker granted. */
    Opening inMemory(String name, int permits) {
        return client.create(name, Blueprint.semaphore(permits, 9));
    }

    /** A semaphore of the broker's own. */
    Opening atBroker(String name) {
        return client.create(name, Blueprint.semaphore(0, 9).brokerOnly(true));
    }

    /** A thread that acquires, for ever. */
    static FutureTask<Boolean> acquire(Opening semaphore) {
        return start(() -> semaphore.handle().await(SemaphoreRule.ACQUIRE, 1, Cell.FOREVER, semaphore));
    }

    /** Waits until what the broker has said before is dealt with. */
    void settle() {
        List<Description> _ = client.objects();
    }

    /** What the broker hears, up to a message of that type. */
    static List<Message> until(FakeBroker broker, Class<? extends Message> last) throws InterruptedException {
        List<Message> heard = new ArrayList<>();
        do {
            heard.add(broker.heard.take());
        } while (!last.isInstance(heard.getLast()));
        return heard;
    }

    @Override
    public void close() {
        client.close();
        broker.end();
    }
}
