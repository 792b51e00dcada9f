package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.Abandonment;
import io.hybridsync.HybridMutex;
import io.hybridsync.MutexSpec;
import io.hybridsync.SyncDomain;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The heap of the broker's process is full while the broker has something to do that nobody would ask it for a second time. */
@Timeout(120)
class ShortageIT {

    private static final String DOMAIN = "shortage";
    private static final String MUTEX = "mutex";
    private static final List<String> SMALL = List.of("-Xms16m", "-Xmx16m");

    @TempDir
    Path directory;

    @TempDir
    Path litter;

    @AfterEach
    void nothingIsLeft() {
        Residue.assertNone(directory);
    }

    /** The broker ends, and the next one sees to it. */
    @Test
    void aDeathIsNotForgotten() throws Exception {
        Path classes = litter.resolve("classes");
        List<String> options = new ArrayList<>(SMALL);
        options.add("-Xlog:class+load:file=" + classes);
        try (Child host = Child.start(List.of(), options, Glutton.class, directory.toString(), DOMAIN)) {
            assertThat(host.hear()).isEqualTo("ready");
            assertThat(classes).as("there is no room to load it when it is wanted").content()
                    .contains(" io.hybridsync.kernel.Unwinding ");
            inherit(host);
        }
    }

    /** An application that cannot begin one leaves the place to others. */
    @Test
    void whatHasNoRoomToBeginIsNotInTheWay() {
        List<String> exact = List.of("-Xms16m", "-Xmx16m", "-XX:-UseTLAB");
        try (Child application = Child.start(List.of(), exact, Cramped.class, litter.toString())) {
            assertThat(application.hear()).matches("[1-9][0-9]* without, taken:");
        }
    }

    private void inherit(Child host) throws Exception {
        try (SyncDomain domain = SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
                HybridMutex mutex = domain.createMutex(MUTEX, MutexSpec.unlocked().abandonment(Abandonment.ADOPT));
                Child owner = Child.start(Owner.class, directory.toString(), DOMAIN, MUTEX)) {
            assertThat(owner.hear()).isEqualTo(Owner.LOCKED);
            FutureTask<Boolean> heir = new FutureTask<>(() -> isAbandoned(mutex));
            Thread.ofPlatform().daemon().start(heir);
            while (!mutex.snapshot().waiters()) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(host.ask("eat")).isEqualTo(Glutton.FULL);
            owner.process().destroyForcibly();
            assertThat(heir.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(domain.objects()).hasSize(1);
            assertThat(host.ask("enough")).isEqualTo("1");
        }
    }

    private static boolean isAbandoned(HybridMutex mutex) {
        mutex.lock();
        try {
            return mutex.acquiredAbandoned();
        } finally {
            mutex.unlock();
        }
    }
}
