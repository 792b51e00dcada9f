package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Needed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The machine's limits are reached: each gives an exception of the library's own, leaves nothing half done, and passes. */
@Timeout(60)
class LimitsIT {

    private static final String DOMAIN = "limits";

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        Residue.brokers(directory).forEach(broker -> broker.onExit().join());
    }

    private static SyncDomain domain(Path directory) {
        return SyncDomain.builder(DOMAIN).directory(directory).linger(Duration.ZERO).open();
    }

    @Test
    void aBrokerWithoutDescriptorsRefusesAndGoesOn() throws Exception {
        ShippedBroker broker = ShippedBroker.start(directory, DOMAIN);
        try (SyncDomain one = broker.open();
                SyncDomain two = broker.open()) {
            HybridSemaphore old = one.createSemaphore("old", SemaphoreSpec.permits(1));
            HybridEvent theirs = two.createEvent("theirs", EventSpec.manualReset());
            Set<String> before = Limit.descriptors(broker.pid());
            List<Object> objects = new ArrayList<>(one.objects());
            try (Limit _ = Limit.ofDescriptors(broker.pid(), 0)) {
                assertThatThrownBy(() -> one.openEvent("theirs")).isInstanceOf(LimitExceededException.class);
                assertThatThrownBy(() -> two.openSemaphore("old")).isInstanceOf(LimitExceededException.class);
                assertThat(old.tryAcquire()).isTrue();
                assertThat(theirs.set()).isFalse();
                assertThat(Limit.descriptors(broker.pid())).as("the broker's descriptors").isEqualTo(before);
                assertThat(one.objects()).hasSameSizeAs(objects);
            }
            try (HybridEvent opened = one.openEvent("theirs")) {
                assertThat(opened.isSet()).isTrue();
            }
        }
        assertThat(broker.waitFor()).isZero();
    }

    @Test
    void withoutSpaceForItsFilesADomainIsNotOpened() throws Exception {
        Needed.root("mounts a small file system");
        Path small = Files.createDirectory(directory.resolve("small"));
        Limit.run("mount", "-t", "tmpfs", "-o", "size=16k,nr_inodes=2,mode=0700", "tmpfs", small.toString());
        try {
            Set<String> before = open();
            assertThatThrownBy(() -> domain(small)).isInstanceOf(SyncException.class).hasMessageContaining("ENOSPC");
            assertThat(before).as("what was open before").containsAll(open());
            assertThat(Residue.brokers(small)).isEmpty();
            Limit.run("mount", "-o", "remount,nr_inodes=100", small.toString());
            try (SyncDomain domain = domain(small)) {
                assertThat(domain.createSemaphore(SemaphoreSpec.permits(1)).tryAcquire()).isTrue();
            }
            Residue.assertNone(small);
        } finally {
            Limit.run("umount", "--lazy", small.toString());
        }
    }

    /** What people should read is lost then, nothing else. */
    @Test
    void withoutALogADomainWorks() throws Exception {
        Path log = directory.resolve(DOMAIN).resolve("broker.log");
        Files.createDirectory(log.getParent());
        Files.setAttribute(log.getParent(), "unix:mode", 0700);
        Files.createDirectory(log);
        try (SyncDomain domain = domain(directory)) {
            assertThat(domain.createSemaphore(SemaphoreSpec.permits(1)).tryAcquire()).isTrue();
        }
        Residue.assertOnly(directory, DOMAIN + "/broker.log");
    }

    /** Of this process. Some may go at any time: the pipes of a process that has ended are closed by another thread. */
    private static Set<String> open() throws IOException {
        Set<String> open = new HashSet<>();
        for (String number : Limit.descriptors(ProcessHandle.current().pid())) {
            try {
                open.add(number + " " + Files.readSymbolicLink(Path.of("/proc/self/fd", number)));
            } catch (NoSuchFileException e) {
                // closed in the meantime, as the listing itself
            }
        }
        return open;
    }
}
