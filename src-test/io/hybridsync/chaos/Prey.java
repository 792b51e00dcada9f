package io.hybridsync.chaos;

import static java.util.Objects.requireNonNull;

import io.hybridsync.BrokerMode;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The process that performs operations and is killed. Arguments: directory, domain, file for the {@link BlackBox}, where the
 * broker comes from.
 *
 * <pre>
 *   it hears                   does, and says
 *   hello                      opens the domain; "here"
 *   rehearse SCENE PREFIX      opens what the scene needs; the number of its client
 *   perform ORDER              the operation; "asleep" when it waits, "done OWN OTHERS" when it is done
 *   leave                      closes the domain; "left"
 * </pre>
 */
public final class Prey {

    private static final long LOOK_NANOS = 200_000;
    private static final int QUIET_LOOKS = 3;

    private final String[] arguments;
    private final BlackBox box;
    private @Nullable SyncDomain domain;
    private Scene.Actor actor = Scene.Actor.DIRECT;
    private Scene.Operation operation = () -> {};
    private @Nullable ExecutorService executor;
    private volatile Thread performer = Thread.currentThread();

    private Prey(String[] arguments) {
        this.arguments = arguments.clone();
        this.box = BlackBox.open(Path.of(arguments[2]));
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Prey prey = new Prey(arguments);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            prey.hear(line.split(" ", -1));
        }
        prey.stopThread();
        prey.closeDomain();
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private SyncDomain openDomain() {
        SyncDomain opened = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .broker(BrokerMode.valueOf(arguments[3]))
                .waiting(actor == Scene.Actor.PARKED ? Waiting.PARKED : Waiting.DIRECT)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open();
        domain = opened;
        return opened;
    }

    private void closeDomain() {
        if (domain != null) {
            domain.close();
            domain = null;
        }
    }

    private SyncDomain domain() {
        return domain == null ? openDomain() : domain;
    }

    private void hear(String[] words) throws Exception {
        switch (words[0]) {
            case "rehearse" -> rehearse(Repertoire.scene(words[1]), words[2]);
            case "perform" -> perform(Order.parse(words[1]));
            case "hello" -> {
                SyncDomain _ = domain();
                say("here");
            }
            case "leave" -> {
                closeDomain();
                say("left");
            }
            default -> throw new IOException("what is " + words[0] + "?");
        }
    }

    private void rehearse(Scene scene, String prefix) throws Exception {
        boolean isSuited = (scene.actor() == Scene.Actor.PARKED) == (actor == Scene.Actor.PARKED);
        actor = scene.actor();
        if (!isSuited) {
            closeDomain();
        }
        SyncDomain here = domain();
        stopThread();
        ThreadFactory factory = actor == Scene.Actor.VIRTUAL ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory();
        ExecutorService one = Executors.newSingleThreadExecutor(factory);
        executor = one;
        operation = one.submit(() -> {
            performer = Thread.currentThread();
            return scene.rehearse(here, prefix);
        }).get();
        HybridSemaphore _ = here.openSemaphore(prefix + Stage.BADGE);
        try (HybridSemaphore mine = here.createSemaphore(SemaphoreSpec.permits(0))) {
            say("" + mine.snapshot().group().iterator().next());
        }
    }

    private void stopThread() {
        ExecutorService last = executor;
        if (last != null) {
            last.shutdown();
        }
    }

    private void perform(Order order) throws Exception {
        Thread watcher = Thread.ofPlatform().daemon().start(() -> watch(performer));
        int[] counts = requireNonNull(executor).submit(() -> {
            KillPoints.begin(order, box);
            operation.run();
            return KillPoints.end();
        }).get();
        watcher.interrupt();
        watcher.join();
        say("done " + counts[0] + " " + counts[1]);
    }

    /** Who is blocked waits for a monitor, as where a class is loaded, and goes on by itself. */
    private static boolean isParked(Thread.State state) {
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    /** Says once that the thread sleeps: it makes no access any more, and is parked, or is in the kernel. */
    private void watch(Thread performer) {
        int last = -1;
        for (int quiet = 0; quiet < QUIET_LOOKS; quiet++) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            int now = box.size();
            boolean sleeps = now > 0 && (isParked(performer.getState()) || box.isInKernel());
            quiet = now == last && sleeps ? quiet : -1;
            last = now;
        }
        say("asleep");
    }
}
