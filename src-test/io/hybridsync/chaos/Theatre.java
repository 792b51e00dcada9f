package io.hybridsync.chaos;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.BrokerMode;
import io.hybridsync.SyncDomain;
import io.hybridsync.Waiting;
import io.hybridsync.process.Residue;
import io.hybridsync.process.SlabMappings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where the scenes are performed: one domain, those who live in it, and victims that are started before they are needed.
 *
 * <p>The library's log of this process is silent meanwhile: it would say of every word that was spoilt that it is.
 *
 * <p>The victims' JVM reads its classes from an archive that the first of them leaves behind, which halves what it costs to
 * start one.
 */
final class Theatre implements AutoCloseable {

    private static final String DOMAIN = "chaos";
    private static final String LOG = "broker.log";
    private static final int MOST_SLABS = 12;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Held here, since a logger that nobody holds forgets its level. */
    private static final Logger LOGGER = Logger.getLogger("io.hybridsync");

    private final Path directory;
    private final Path files;
    private final Path jar;
    private final @Nullable Level level = LOGGER.getLevel();
    private final @Nullable Victim founder;
    private final @Nullable Control control;
    private final SyncDomain domain;
    private final SyncDomain parked;
    private final LinkedBlockingQueue<Victim> victims = new LinkedBlockingQueue<>();
    private final List<Victim> all = new ArrayList<>();
    private final AtomicInteger performances = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();

    /**
     * @param directory the parent of the domain's
     * @param files for what is written
     * @param brokerToo whether the broker has kill points too: then it comes from a process that does nothing else
     */
    Theatre(Path directory, Path files, boolean brokerToo) {
        LOGGER.setLevel(Level.OFF);
        this.directory = directory;
        this.files = files;
        this.jar = files.resolve("chaos.jar");
        new Instrumented().writeTo(jar);
        Path orders = files.resolve("orders");
        this.control = brokerToo ? Control.open(orders) : null;
        this.founder = brokerToo ? start(List.of(), Map.of(Control.VARIABLE, orders.toString())) : null;
        if (founder != null) {
            founder.invite();
            founder.awaitArrival();
        }
        this.domain = open(Waiting.DIRECT);
        this.parked = open(Waiting.PARKED);
    }

    private SyncDomain open(Waiting waiting) {
        return SyncDomain.builder(DOMAIN)
                .directory(directory)
                .waiting(waiting)
                .broker(founder == null ? BrokerMode.SPAWN : BrokerMode.EXTERNAL)
                .linger(Duration.ZERO)
                .claimTimeout(Duration.ofHours(1))
                .open();
    }

    /** A victim that counts points and leaves the archive behind when it is dismissed. */
    Victim first() {
        List<String> options = List.of(
                "-XX:ArchiveClassesAtExit=" + archive(), "-Xlog:disable", "-Xlog:all=error:stderr");
        Victim victim = start(options, Map.of());
        victim.invite();
        victim.awaitArrival();
        return victim;
    }

    private Path archive() {
        return files.resolve("chaos.jsa");
    }

    /** Starts a victim, for {@link #next}. Where the broker dies, it does not come before it is needed. */
    void prepare() {
        Victim victim = start(List.of("-XX:SharedArchiveFile=" + archive()), Map.of());
        if (founder == null) {
            victim.invite();
        }
        victims.add(victim);
    }

    private Victim start(List<String> options, Map<String, String> environment) {
        Path file = files.resolve("victim-" + started.incrementAndGet());
        Victim victim = Victim.start(jar, options, environment, directory, DOMAIN, file);
        synchronized (all) {
            all.add(victim);
        }
        return victim;
    }

    /** How the broker is told when to die. */
    Control control() {
        return requireNonNull(control);
    }

    /** The victim that was started before all others; it is there. */
    Victim next() throws InterruptedException {
        Victim victim = victims.take();
        if (founder != null) {
            victim.invite();
        }
        victim.awaitArrival();
        return victim;
    }

    /** What the broker has to say. */
    String log() {
        try {
            return Files.readString(domain.directory().resolve(LOG));
        } catch (IOException e) {
            return "(" + e + ")";
        }
    }

    /** An empty stage. */
    Stage stage() {
        return new Stage(domain, parked, performances.incrementAndGet() + "/");
    }

    /** No broker is left and no file, but for a log that warns of nothing but what was corrupted. */
    static void assertNothingIsLeft(Path directory) throws IOException {
        Residue.awaitEndOfBrokers(directory);
        Path place = directory.resolve(DOMAIN);
        Path log = place.resolve(LOG);
        if (Files.exists(log)) {
            assertThat(Files.readAllLines(log).stream().filter(line -> line.contains(" WARN ")))
                    .allMatch(line -> line.contains(" is corrupted: its word at "));
            Files.delete(log);
            Files.delete(place);
        }
        Residue.assertNone(directory);
    }

    /** However many performances there were: the few that those two clients may have together, and one that is spare. */
    private void requireFewSlabs() {
        List<Long> pids = new ArrayList<>(List.of(ProcessHandle.current().pid()));
        Residue.brokers(directory).forEach(broker -> pids.add(broker.pid()));
        long end = System.nanoTime() + PATIENCE_NANOS;
        List<Long> slabs = slabs(pids);
        while (slabs.stream().anyMatch(count -> count > MOST_SLABS) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(LOOK_NANOS);
            slabs = slabs(pids);
        }
        assertThat(slabs).as("slabs that are mapped here, and by the broker").allMatch(count -> count <= MOST_SLABS);
    }

    private static List<Long> slabs(List<Long> pids) {
        return pids.stream().map(SlabMappings::count).toList();
    }

    /** Everything is over. Nothing is left in the domain. */
    @Override
    public void close() {
        synchronized (all) {
            all.stream().filter(victim -> victim != founder).forEach(Victim::close);
        }
        List<String> left = domain.objects().stream().map(String::valueOf).toList();
        requireFewSlabs();
        parked.close();
        domain.close();
        if (founder != null) {
            founder.close();
        }
        try {
            Files.deleteIfExists(archive());
            Files.delete(jar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LOGGER.setLevel(level);
        if (!left.isEmpty()) {
            throw new AssertionError("left: " + left);
        }
    }
}
