package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that may not begin another thread: it keeps what it has open, also when its broker ends; what would need a thread of
 * its own throws an exception of the library's own, leaves nothing half made, and works when there are threads again.
 *
 * <p>The JVM itself must not need a thread: it does not compile, and has done everything once. That it got none it would say
 * on standard output.
 */
@Timeout(120)
class ThreadLimitIT {

    private static final String DOMAIN = "threads";
    private static final List<String> FRUGAL = List.of("-Xint", "-Xms64m", "-Xmx64m", "-Xlog:disable");

    @TempDir
    Path directory;

    private ControlGroup group;
    private SyncDomain ours;
    private HybridSemaphore near;
    private Child child;

    @BeforeEach
    void begin() throws Exception {
        group = ControlGroup.ofThreads();
        ours = SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
        near = ours.createSemaphore("near", SemaphoreSpec.permits(3));
        child = Child.startOn(Build.shipped(), FRUGAL, Interpreter.class, directory.toString(), DOMAIN);
        assertThat(child.hear()).isEqualTo("ready");
        group.add(child.process().pid());
        for (String done : List.of("load", "visit " + DOMAIN, "open near", "objects", "available near")) {
            assertThat(child.ask(done)).isNotEqualTo("(end)");
        }
    }

    @AfterEach
    void nothingIsLeft() {
        child.close();
        ours.close();
        Residue.brokers(directory).forEach(broker -> broker.onExit().join());
        group.close();
        Residue.assertNone(directory);
    }

    private List<ProcessHandle> killBroker() {
        List<ProcessHandle> brokers = Residue.brokers(directory);
        brokers.forEach(ProcessHandle::destroyForcibly);
        brokers.forEach(broker -> broker.onExit().join());
        return brokers;
    }

    @Test
    void aClientKeepsWhatItHasOpenWhenItsBrokerEnds() throws Exception {
        assertThat(child.ask("try near 2 0")).isEqualTo("true");
        group.noMoreThreads();
        assertThat(killBroker()).hasSize(1);
        assertThat(child.ask("objects")).as("asked of the next broker").isEqualTo("1");
        assertThat(child.ask("release near 1")).isEqualTo("1");
        assertThat(near.availablePermits()).isEqualTo(2);
        assertThat(child.ask("close near")).isEqualTo("closed");
        assertThat(near.snapshot().group()).hasSize(1);
    }

    @Test
    void aDomainIsNotOpenedAndNothingIsLeftOfIt() throws Exception {
        Set<String> before = Limit.descriptors(child.process().pid());
        group.noMoreThreads();
        assertThat(child.ask("visit " + DOMAIN)).isEqualTo("LimitExceededException");
        ClientLimitsIT.await(() -> before.containsAll(Limit.descriptors(child.process().pid())));
        assertThat(child.ask("try near 1 0")).isEqualTo("true");
        group.anyThreads();
        assertThat(child.ask("visit " + DOMAIN)).isEqualTo("visited");
    }

    /** One that was about to be, and got no thread, is in nobody's way. */
    @Test
    void aBrokerOfThisProcessIsNotStarted() throws Exception {
        group.noMoreThreads();
        assertThat(child.ask("host other")).isEqualTo("LimitExceededException");
        group.anyThreads();
        assertThat(child.ask("host other")).isEqualTo("visited");
        ClientLimitsIT.await(() -> !Files.exists(directory.resolve("other")));
    }

    /** The kernel counts processes as threads: there is no broker either. */
    @Test
    void aBrokerIsNotStarted() throws Exception {
        group.noMoreThreads();
        assertThat(child.ask("visit other")).isEqualTo("BrokerUnavailableException");
        group.anyThreads();
        assertThat(child.ask("visit other")).isEqualTo("visited");
    }
}
