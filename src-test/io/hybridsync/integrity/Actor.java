package io.hybridsync.integrity;

import static java.util.Objects.requireNonNull;

import io.hybridsync.BrokerMode;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import io.hybridsync.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A client that does what it is told, line by line: see {@link Side}. As a process: arguments directory, domain, own name. */
public final class Actor implements Side {

    static final String READY = "ready";
    static final String QUIT = "quit";
    private static final int EXIT_ORPHAN = 5;

    /** Held here, since a logger that nobody holds forgets its level. */
    private static final Logger LOG = Logger.getLogger("io.hybridsync");

    private final SyncDomain domain;
    private final Map<String, HybridObject> open = new HashMap<>();
    private final Map<String, FutureTask<String>> waiting = new HashMap<>();

    Actor(SyncDomain domain) {
        this.domain = domain;
    }

    /** How all of them open their domain. */
    static SyncDomain open(Path directory, String name, BrokerMode mode, Waiting waiting) {
        return SyncDomain.builder(name)
                .directory(directory)
                .broker(mode)
                .waiting(waiting)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofSeconds(1))
                .open();
    }

    /** The library says of every word that is corrupted that it is; here that is no news. */
    static void hush() {
        LOG.setLevel(Level.OFF);
    }

    /** Runs one on standard input and output. */
    public static void main(String[] arguments) throws IOException {
        hush();
        endWithParent();
        try (Actor actor =
                new Actor(open(Path.of(arguments[0]), arguments[1], BrokerMode.SPAWN, Waiting.DIRECT))) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            actor.ask("open %s SEMAPHORE 1".formatted(arguments[2]));
            System.out.println(READY);
            for (String line = in.readLine(); line != null && !line.equals(QUIT); line = in.readLine()) {
                System.out.println(actor.ask(line));
            }
        }
    }

    /** Nobody else would end one that hammers. */
    private static void endWithParent() {
        Thread watch = Thread.ofPlatform().daemon().unstarted(() -> {
            ProcessHandle.current().parent().ifPresent(parent -> {
                parent.onExit().join();
                Runtime.getRuntime().halt(EXIT_ORPHAN);
            });
        });
        watch.start();
    }

    SyncDomain domain() {
        return domain;
    }

    /** The handle to an object that it has open. */
    HybridObject object(String name) {
        return requireNonNull(open.get(name), name);
    }

    @Override
    public String ask(String line) {
        try {
            String[] words = line.split(" ");
            return run(words[0], words[1], words);
        } catch (RuntimeException | InterruptedException e) {
            return e.getClass().getSimpleName();
        }
    }

    private String run(String verb, String name, String[] words) throws InterruptedException {
        return switch (verb) {
            case "open" -> {
                HybridObject opened = Thing.valueOf(words[2]).open(domain, name, Integer.parseInt(words[3]));
                open.put(name, opened);
                yield opened.wasCreated() ? "created" : "opened";
            }
            case "close" -> {
                requireNonNull(open.remove(name), name).close();
                yield "closed";
            }
            case "wait" -> wait(name, object(name));
            case "joined" -> joined(name);
            case "hammer" -> {
                HybridObject object = object(name);
                for (;;) {
                    strike(object);
                }
            }
            default -> operate(object(name), Verb.valueOf(verb), Integer.parseInt(words[2]));
        };
    }

    private static String operate(HybridObject object, Verb verb, int number) throws InterruptedException {
        return switch (object) {
            case HybridSemaphore semaphore -> operate(semaphore, verb, number);
            case HybridMutex mutex -> operate(mutex, verb);
            case HybridEvent event -> operate(event, verb);
        };
    }

    private static String operate(HybridSemaphore semaphore, Verb verb, int number) {
        return switch (verb) {
            case TAKE -> "" + semaphore.tryAcquire(number);
            case GIVE -> {
                semaphore.release(number);
                yield "given";
            }
            case DRAIN -> "" + semaphore.drainPermits();
            default -> "" + semaphore.availablePermits();
        };
    }

    private static String operate(HybridMutex mutex, Verb verb) {
        return switch (verb) {
            case LOCK -> "" + mutex.tryLock();
            case UNLOCK -> {
                mutex.unlock();
                yield "unlocked";
            }
            case RECOVER -> "" + mutex.recover();
            default -> "" + mutex.isLocked();
        };
    }

    private static String operate(HybridEvent event, Verb verb) throws InterruptedException {
        return switch (verb) {
            case SET -> "" + event.set();
            case RESET -> "" + event.reset();
            case PULSE -> "" + event.pulse();
            case PASS -> "" + event.await(0, TimeUnit.SECONDS);
            default -> "" + event.isSet();
        };
    }

    /** What is done as fast as possible, until somebody ends it. */
    private static void strike(HybridObject object) {
        switch (object) {
            case HybridSemaphore semaphore -> {
                if (semaphore.tryAcquire()) {
                    semaphore.release();
                }
            }
            case HybridMutex mutex -> {
                if (mutex.tryLock()) {
                    mutex.unlock();
                }
            }
            case HybridEvent event -> {
                event.set();
                event.reset();
            }
        }
    }

    private String wait(String name, HybridObject object) {
        FutureTask<String> task = new FutureTask<>(() -> {
            switch (object) {
                case HybridSemaphore semaphore -> semaphore.acquire();
                case HybridMutex mutex -> mutex.lockInterruptibly();
                case HybridEvent event -> event.await();
            }
            return "passed";
        });
        waiting.put(name, task);
        Thread.ofPlatform().daemon().name("waits for " + name).start(task);
        return "waiting";
    }

    private String joined(String name) throws InterruptedException {
        try {
            return requireNonNull(waiting.remove(name), name).get();
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause()).replaceFirst("^[\\w.]*\\.(\\w+).*", "$1");
        }
    }

    @Override
    public void close() {
        domain.close();
    }
}
