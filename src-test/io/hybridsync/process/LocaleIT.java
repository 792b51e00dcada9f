package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.BrokerMode;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SyncDomain;
import io.hybridsync.kernel.FileNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes in different locales meet in one domain, whatever it is called: names are UTF-8. */
class LocaleIT {

    @TempDir
    Path directory;

    @Test
    void aProcessInTheLocaleCOpensADomainWhoseNameIsNotAscii() {
        assertMeetingIn(directory);
    }

    @Test
    void theParentMayHaveSuchANameToo() {
        assertMeetingIn(FileNames.child(directory, "ü"));
    }

    private void assertMeetingIn(Path parent) {
        try (Child child =
                Child.start(List.of("env", "LC_ALL=C"), List.of(), LocaleChild.class, FileNames.escaped(parent))) {
            assertThat(child.hear()).isEqualTo("ANSI_X3.4-1968 true");
            try (SyncDomain domain = SyncDomain.builder(LocaleChild.DOMAIN)
                            .directory(parent)
                            .broker(BrokerMode.EXTERNAL)
                            .open();
                    HybridSemaphore semaphore = domain.openSemaphore(LocaleChild.DOMAIN)) {
                assertThat(semaphore.availablePermits()).isEqualTo(4);
                assertThat(domain.directory()).isEqualTo(FileNames.child(parent, LocaleChild.DOMAIN)).satisfies(
                        path -> assertThat(Files.isDirectory(path)).isTrue());
            }
        }
        if (parent.equals(directory)) {
            Residue.assertNone(directory);
        } else {
            Residue.assertOnly(directory, directory.relativize(parent).toString());
        }
    }
}
