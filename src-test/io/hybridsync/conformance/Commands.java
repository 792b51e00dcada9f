package io.hybridsync.conformance;

import static java.util.Objects.requireNonNull;

import io.hybridsync.Abandonment;
import io.hybridsync.Access;
import io.hybridsync.EventSpec;
import io.hybridsync.Held;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.ObjectToken;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.WaitOptions;
import io.hybridsync.WaitResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.stream.Collectors;

/**
 * What a party can be told to do, as text: a verb, the name of a handle, arguments. The answer is the result, "ok" when
 * there is none, or the simple name of the exception class. Several commands are separated by " ; ", and so are the
 * answers.
 *
 * <p>A handle has the name of its object unless it was opened {@code as} something else. Times are milliseconds.
 */
final class Commands {

    private static final String DEFAULT_CONDITION = "-";

    private final SyncDomain domain;
    private final Map<String, HybridObject> handles = new ConcurrentHashMap<>();
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final Map<String, Condition> conditions = new ConcurrentHashMap<>();

    /** @param stranger another client, whose handles are "foreign" and "foreignEvent" */
    Commands(SyncDomain domain, SyncDomain stranger) {
        this.domain = domain;
        handles.put("foreign", stranger.createSemaphore(SemaphoreSpec.permits(1)));
        handles.put("foreignEvent", stranger.createEvent(EventSpec.manualReset().signaled()));
    }

    /** Does it, by the calling thread; the interrupt status is cleared, and the answer tells that it was set. */
    String answer(String command) {
        String answer = Arrays.stream(command.split(" ; "))
                .map(one -> outcome(one.split(" ")))
                .collect(Collectors.joining(" ; "));
        return Thread.interrupted() ? answer + " interrupted" : answer;
    }

    private String outcome(String[] words) {
        try {
            if (words[0].equals("interrupted")) {
                Thread.currentThread().interrupt();
                return run(List.of(words).subList(1, words.length));
            }
            return run(List.of(words));
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        } catch (Error e) {
            return e.toString();
        }
    }

    private String run(List<String> words) throws Exception {
        return switch (words.getFirst()) {
            case "create", "new", "open", "from" -> opened(words);
            case "close", "isClosed", "token", "access", "snapshot", "created", "called", "client" -> handled(words);
            case "acquire", "acquireU", "try", "timed", "release", "drain", "take", "give", "permits", "maximum" ->
                semaphore(words);
            case "lock", "lockI", "tryLock", "lockTimed", "unlock", "recover", "holds", "adopted", "isAbandoned",
                    "isLocked", "isMine" -> mutex(words);
            case "await", "awaitU", "awaitTimed", "awaitNanos", "awaitUntil", "signal", "signalAll" -> condition(words);
            case "set", "reset", "pulse", "isSet", "pass", "passU", "passTimed" -> event(words);
            case "any", "all" -> many(words);
            case "signalAndAwait" -> signalAndAwait(words);
            case "look" -> look(words);
            case "forget" -> forget(words.get(1));
            case "exists" -> "" + exists(words.get(1));
            default -> throw new IllegalStateException("what is " + words);
        };
    }

    private String opened(List<String> words) {
        int alias = words.indexOf("as");
        List<String> what = alias < 0 ? words : words.subList(0, alias);
        HybridObject object = open(what);
        handles.put(alias < 0 ? what.get(2) : words.get(alias + 1), object);
        return object.wasCreated() ? "created" : "opened";
    }

    private HybridObject open(List<String> words) {
        String name = words.get(2);
        List<String> spec = words.subList(3, words.size());
        return switch (words.get(0) + " " + words.get(1)) {
            case "create semaphore" -> domain.semaphore(name, semaphoreSpec(spec));
            case "create mutex" -> domain.mutex(name, mutexSpec(spec));
            case "create event" -> domain.event(name, eventSpec(spec));
            case "new semaphore" ->
                isAnonymous(name)
                        ? domain.createSemaphore(semaphoreSpec(spec))
                        : domain.createSemaphore(name, semaphoreSpec(spec));
            case "new mutex" ->
                isAnonymous(name) ? domain.createMutex(mutexSpec(spec)) : domain.createMutex(name, mutexSpec(spec));
            case "new event" ->
                isAnonymous(name) ? domain.createEvent(eventSpec(spec)) : domain.createEvent(name, eventSpec(spec));
            case "open semaphore" -> domain.openSemaphore(name, access(spec));
            case "open mutex" -> domain.openMutex(name, access(spec));
            case "open event" -> domain.openEvent(name, access(spec));
            case "from semaphore" -> domain.openSemaphore(ObjectToken.parse(spec.getFirst()));
            case "from mutex" -> domain.openMutex(ObjectToken.parse(spec.getFirst()));
            case "from event" -> domain.openEvent(ObjectToken.parse(spec.getFirst()));
            default -> throw new IllegalStateException("what is " + words);
        };
    }

    private static boolean isAnonymous(String name) {
        return name.startsWith("?");
    }

    private static SemaphoreSpec semaphoreSpec(List<String> words) {
        SemaphoreSpec spec = SemaphoreSpec.permits(Integer.parseInt(words.get(1)));
        spec = words.contains("leased") ? spec.leased() : spec;
        return place(words).of(words.size() > 2 ? spec.maximum(Integer.parseInt(words.get(2))) : spec);
    }

    private static MutexSpec mutexSpec(List<String> words) {
        MutexSpec spec = words.contains("locked") ? MutexSpec.locked() : MutexSpec.unlocked();
        return place(words).of(words.contains("adopt") ? spec.abandonment(Abandonment.ADOPT) : spec);
    }

    private static EventSpec eventSpec(List<String> words) {
        EventSpec spec = words.contains("auto") ? EventSpec.autoReset() : EventSpec.manualReset();
        return place(words).of(words.contains("set") ? spec.signaled() : spec);
    }

    private static Place place(List<String> words) {
        return Place.valueOf(words.getFirst());
    }

    private static Access access(List<String> words) {
        return words.contains("query") ? Access.QUERY : Access.FULL;
    }

    private String handled(List<String> words) {
        HybridObject object = handle(words.get(1));
        return switch (words.getFirst()) {
            case "close" -> done(object::close);
            case "isClosed" -> "" + object.isClosed();
            case "token" -> object.token().toString();
            case "access" -> object.access().name();
            case "snapshot" -> object.snapshot().kind().name();
            case "created" -> "" + object.wasCreated();
            case "called" -> object.name().orElse("(nothing)");
            default -> "" + object.snapshot().ownerClient().orElse(0);
        };
    }

    private String semaphore(List<String> words) throws InterruptedException {
        HybridSemaphore semaphore = (HybridSemaphore) handle(words.get(1));
        int permits = words.size() > 2 ? Integer.parseInt(words.get(2)) : 1;
        switch (words.getFirst()) {
            case "acquire" -> semaphore.acquire(permits);
            case "acquireU" -> semaphore.acquireUninterruptibly(permits);
            case "try" -> {
                return "" + semaphore.tryAcquire(permits);
            }
            case "timed" -> {
                return "" + semaphore.tryAcquire(permits, Long.parseLong(words.get(3)), TimeUnit.MILLISECONDS);
            }
            case "release" -> {
                return "" + semaphore.releaseAndGetPrevious(permits);
            }
            case "drain" -> {
                return "" + semaphore.drainPermits();
            }
            case "take" -> held.put(words.get(1), semaphore.hold(permits));
            case "give" -> requireNonNull(held.get(words.get(1))).close();
            case "permits" -> {
                return "" + semaphore.availablePermits();
            }
            default -> {
                return "" + semaphore.maximum();
            }
        }
        return "ok";
    }

    private String mutex(List<String> words) throws InterruptedException {
        HybridMutex mutex = (HybridMutex) handle(words.get(1));
        return switch (words.getFirst()) {
            case "lock" -> done(mutex::lock);
            case "lockI" -> {
                mutex.lockInterruptibly();
                yield "ok";
            }
            case "tryLock" -> "" + mutex.tryLock();
            case "lockTimed" -> "" + mutex.tryLock(Long.parseLong(words.get(2)), TimeUnit.MILLISECONDS);
            case "unlock" -> done(mutex::unlock);
            case "recover" -> "" + mutex.recover();
            case "holds" -> "" + mutex.getHoldCount();
            case "adopted" -> "" + mutex.acquiredAbandoned();
            case "isAbandoned" -> "" + mutex.isAbandoned();
            case "isLocked" -> "" + mutex.isLocked();
            default -> "" + mutex.isHeldByCurrentThread();
        };
    }

    @SuppressWarnings("WaitNotInLoop") // what it waits for is said by a command
    private String condition(List<String> words) throws InterruptedException {
        Condition condition = conditionOf(words.get(1), words.get(2));
        return switch (words.getFirst()) {
            case "await" -> {
                condition.await();
                yield "ok";
            }
            case "awaitU" -> done(condition::awaitUninterruptibly);
            case "awaitTimed" -> "" + condition.await(Long.parseLong(words.get(3)), TimeUnit.MILLISECONDS);
            case "awaitNanos" ->
                condition.awaitNanos(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words.get(3)))) > 0
                        ? "time left"
                        : "no time left";
            case "awaitUntil" -> "" + condition.awaitUntil(inMillis(Long.parseLong(words.get(3))));
            case "signal" -> done(condition::signal);
            default -> done(condition::signalAll);
        };
    }

    @SuppressWarnings("JavaUtilDate") // what Condition takes
    private static Date inMillis(long millis) {
        return new Date(System.currentTimeMillis() + millis);
    }

    private Condition conditionOf(String mutex, String name) {
        HybridMutex of = (HybridMutex) handle(mutex);
        return conditions.computeIfAbsent(
                mutex + " " + name,
                both -> name.equals(DEFAULT_CONDITION) ? of.newCondition() : of.newCondition(name));
    }

    private String event(List<String> words) throws InterruptedException {
        HybridEvent event = (HybridEvent) handle(words.get(1));
        return switch (words.getFirst()) {
            case "set" -> "" + event.set();
            case "reset" -> "" + event.reset();
            case "pulse" -> "" + event.pulse();
            case "isSet" -> "" + event.isSet();
            case "passU" -> done(event::awaitUninterruptibly);
            case "passTimed" -> "" + event.await(Long.parseLong(words.get(2)), TimeUnit.MILLISECONDS);
            default -> {
                event.await();
                yield "ok";
            }
        };
    }

    /** {@code any|all <ms or ever> [alert <event>] <object>...}. */
    private String many(List<String> words) throws InterruptedException {
        String time = words.get(1);
        WaitOptions options = time.equals("ever") ? WaitOptions.forever() : WaitOptions.within(millis(time));
        int first = 2;
        if (words.size() > 3 && words.get(2).equals("alert")) {
            options = options.alertedBy((HybridEvent) handle(words.get(3)));
            first = 4;
        }
        List<HybridObject> objects =
                words.subList(first, words.size()).stream().map(this::handle).toList();
        return text(words.getFirst().equals("any")
                ? domain.awaitAny(objects, options)
                : domain.awaitAll(objects, options));
    }

    /** {@code signalAndAwait <ms or ever> <signal> <await>}. */
    private String signalAndAwait(List<String> words) throws InterruptedException {
        HybridObject signal = handle(words.get(2));
        HybridObject await = handle(words.get(3));
        return text(words.get(1).equals("ever")
                ? domain.signalAndAwait(signal, await)
                : domain.signalAndAwait(millis(words.get(1)), signal, await));
    }

    private static Duration millis(String text) {
        return Duration.ofMillis(Long.parseLong(text));
    }

    private static String text(WaitResult result) {
        return result.outcome() + " " + result.index();
    }

    /** {@code look <broker's view too?> <handle>...}: what all getters say. */
    private String look(List<String> words) {
        boolean thorough = words.get(1).equals("true");
        List<String> looks = new ArrayList<>();
        for (String name : words.subList(2, words.size())) {
            HybridObject object = handles.get(name);
            looks.add(object == null || object.isClosed() ? "-" : Look.at(object, thorough).toText());
        }
        return String.join(" ", looks);
    }

    /** Closes all handles to objects of a scenario, whatever state they are in. */
    private String forget(String prefix) {
        List<String> names =
                handles.keySet().stream().filter(name -> name.startsWith(prefix)).toList();
        for (String name : names) {
            try {
                requireNonNull(handles.remove(name)).close();
            } catch (IllegalStateException e) {
                // a mutex that is still owned, as after a scenario that failed
            }
        }
        conditions.keySet().removeIf(key -> key.startsWith(prefix));
        held.keySet().removeIf(key -> key.startsWith(prefix));
        return "ok";
    }

    private boolean exists(String prefix) {
        return domain.objects().stream()
                .anyMatch(object -> object.name().filter(name -> name.startsWith(prefix)).isPresent());
    }

    private HybridObject handle(String name) {
        return Optional.ofNullable(handles.get(name)).orElseThrow(() -> new IllegalStateException("no handle " + name));
    }

    private static String done(Runnable action) {
        action.run();
        return "ok";
    }
}
