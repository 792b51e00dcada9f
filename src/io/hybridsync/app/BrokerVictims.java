package io.hybridsync.app;

import io.hybridsync.SyncDomain;
import io.hybridsync.broker.BrokerProcess;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Kills the domain's broker with SIGKILL, and the next one, and the next, while others work. It is found from outside, by the
 * domain's name in its command line, as anybody's kill would find it.
 *
 * <p>Every other one may be killed before it has begun to serve; the one after it lives until it does. So however slow the
 * machine is, nobody waits for an answer for ever.
 */
final class BrokerVictims implements AutoCloseable {

    private static final int LOOK_MILLIS = 10;
    private static final int LONGEST_LIFE_MILLIS = 1500;

    private final SyncDomain domain;
    private final Random random = new Random();
    private final AtomicInteger killed = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Places killers = new Places();
    private volatile boolean ended;

    /** @param domain whose name no other domain of the machine has */
    BrokerVictims(SyncDomain domain) {
        this.domain = domain;
    }

    void start() {
        killers.start(1, this::killOneByOne);
    }

    /** Returns when the first one was killed. */
    void awaitFirst() throws DemoFailure, InterruptedException {
        killers.await(begun);
    }

    /** No other one is killed; throws what went wrong. */
    void end() throws DemoFailure, InterruptedException {
        ended = true;
        killers.join();
    }

    int killed() {
        return killed.get();
    }

    private Void killOneByOne() throws InterruptedException {
        while (!ended) {
            Optional<ProcessHandle> broker = find();
            if (broker.isPresent()) {
                if (killed.get() % 2 != 0) {
                    awaitAnswer();
                }
                Thread.sleep(random.nextInt(LONGEST_LIFE_MILLIS));
                kill(broker.get());
            } else {
                Thread.sleep(LOOK_MILLIS);
            }
        }
        return null;
    }

    private void awaitAnswer() {
        int _ = domain.objects().size();
    }

    private void kill(ProcessHandle broker) {
        if (!ended && broker.destroyForcibly()) {
            broker.onExit().join();
            killed.incrementAndGet();
            begun.countDown();
        }
    }

    private Optional<ProcessHandle> find() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().filter(this::isBroker).isPresent())
                .findAny();
    }

    private boolean isBroker(String commandLine) {
        return commandLine.contains(BrokerProcess.class.getName()) && commandLine.contains("--name=" + domain.name());
    }

    @Override
    public void close() {
        ended = true;
        killers.close();
    }
}
