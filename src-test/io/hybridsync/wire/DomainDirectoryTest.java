package io.hybridsync.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Peer;
import io.hybridsync.kernel.Needed;
import io.hybridsync.kernel.Processes;
import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.kernel.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class DomainDirectoryTest {

    private static final int NOBODY = 65534;

    @TempDir
    Path parent;

    @BeforeEach
    void makePrivate() throws IOException {
        chmod(parent, "rwx------");
    }

    @Test
    void itIsMadeInTheParentThatWasAskedFor() throws IOException {
        assertThat(Domain.of("a domain", parent).find()).isEmpty();
        try (DomainDirectory made = Domain.of("a domain", parent).make()) {
            assertThat(made.path()).isEqualTo(parent.resolve("a domain"));
            assertThat(made.isShared()).isFalse();
            assertThat(mode(made.path())).isEqualTo("rwx------");
            assertThat(made.isThere()).isTrue();
        }
        List<DomainDirectory> found = Domain.of("a domain", parent).find();
        assertThat(found).singleElement().extracting(DomainDirectory::path).isEqualTo(parent.resolve("a domain"));
        found.forEach(DomainDirectory::close);
    }

    @Test
    void aParentThatIsMissingIsMade() throws IOException {
        Path upper = parent.resolve("some");
        Path missing = upper.resolve("where");
        try (DomainDirectory made = Domain.of("a", missing).make()) {
            assertThat(made.path().getParent()).isEqualTo(missing);
            assertThat(mode(missing)).isEqualTo("rwx------");
            assertThat(mode(upper)).isEqualTo("rwx------");
        }
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path real = Files.createDirectory(parent.resolve("real"));
        chmod(real, "rwx------");
        Path link = Files.createSymbolicLink(parent.resolve("link"), real);
        assertRefused(link, "link");
        Files.createSymbolicLink(real.resolve("d"), Files.createDirectory(parent.resolve("target")));
        assertThatThrownBy(() -> Domain.of("d", real).make())
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("link");
        assertThatThrownBy(() -> Domain.of("d", real).find()).isInstanceOf(AccessDeniedException.class);
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        assertRefused(Files.createFile(parent.resolve("file")), "no directory");
        Files.createFile(parent.resolve("d"));
        assertRefused(parent, "no directory");
    }

    @Test
    void aParentThatOthersMayWriteToHasToBeSticky() throws IOException {
        Path open = Files.createDirectory(parent.resolve("open"));
        for (int mode : new int[] {0777, 0775, 0771, 0720}) {
            Files.setAttribute(open, "unix:mode", mode);
            assertRefused(open, "chmod");
            Files.setAttribute(open, "unix:mode", mode | 01000);
            try (DomainDirectory made = Domain.of("d", open).make()) {
                assertThat(mode(made.path())).isEqualTo("rwx------");
                assertThat(made.isShared()).isFalse();
            }
        }
    }

    @Test
    void theModeOfADomainHasToBeItsParents() throws IOException {
        Domain.of("d", parent).make().close();
        chmod(parent.resolve("d"), "rwxr-x---");
        assertThatThrownBy(() -> Domain.of("d", parent).make())
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(parent.resolve("d").toString())
                .hasMessageContaining("mode 0750")
                .hasMessageContaining("chmod 700");
    }

    @Test
    void aParentThatIsSharedGivesItsModeAndItsGroup() throws IOException {
        asRoot();
        chmod(parent, "rwxrwx---");
        Files.setAttribute(parent, "unix:gid", NOBODY);
        try (DomainDirectory made = Domain.of("d", parent).make()) {
            assertThat(made.isShared()).isTrue();
            assertThat(mode(made.path())).isEqualTo("rwxrwx---");
            assertThat(Files.getAttribute(made.path(), "unix:gid")).isEqualTo(NOBODY);
            Objects.requireNonNull(made.openFile("lock")).close();
            assertThat(mode(made.path().resolve("lock"))).isEqualTo("rw-rw----");
            assertThat(Files.getAttribute(made.path().resolve("lock"), "unix:gid")).isEqualTo(NOBODY);
            try (SeqPacket socket = Objects.requireNonNull(made.listen())) {
                assertThat(socket.fd().isClosed()).isFalse();
                assertThat(mode(made.path().resolve("socket"))).isEqualTo("rw-rw----");
            }
            int[] none = {};
            int[] group = {5, NOBODY};
            assertThat(made.admits(new Peer(1, 77, 5), () -> none)).isFalse();
            assertThat(made.admits(new Peer(1, 77, NOBODY), () -> none)).isTrue();
            assertThat(made.admits(new Peer(1, 77, 5), () -> group)).isTrue();
        }
        assertThat(Domain.of("d", parent).make()).satisfies(DomainDirectory::close);
        try (var files = Files.list(parent)) {
            assertThat(files).as("nothing temporary is left").containsExactly(parent.resolve("d"));
        }
    }

    @Test
    void anotherGroupOrModeIsNoSharedDomain() throws IOException {
        asRoot();
        chmod(parent, "rwxrwx---");
        Files.setAttribute(parent, "unix:gid", NOBODY);
        Path domain = Files.createDirectory(parent.resolve("d"));
        chmod(domain, "rwxrwx---");
        assertRefused(parent, "chgrp");
        Files.setAttribute(domain, "unix:gid", NOBODY);
        chmod(domain, "rwx------");
        assertRefused(parent, "chmod 770");
    }

    @Test
    void whatBelongsToAnotherIsRefused() throws IOException {
        asRoot();
        Path others = Files.createDirectory(parent.resolve("others"));
        chmod(others, "rwx------");
        Files.setAttribute(others, "unix:uid", NOBODY);
        assertRefused(others, "owner uid 65534");
        Path domain = Files.createDirectory(parent.resolve("d"));
        chmod(domain, "rwx------");
        Files.setAttribute(domain, "unix:uid", NOBODY);
        assertRefused(parent, "owner uid 65534");
    }

    @Test
    void onlyTheOwnerAndRootAreAdmitted() {
        try (DomainDirectory made = Domain.of("d", parent).make()) {
            int[] none = {};
            assertThat(made.admits(new Peer(1, Processes.geteuid(), 5), () -> none)).isTrue();
            assertThat(made.admits(new Peer(1, 0, 5), () -> none)).isTrue();
            assertThat(made.admits(new Peer(1, NOBODY, Processes.getegid()), () -> none)).isFalse();
        }
    }

    @Test
    void theDefaultPlacesInTheirOrder() throws IOException {
        int uid = Processes.geteuid();
        Path run = Files.createDirectory(parent.resolve("run"));
        Path tmp = Files.createDirectory(parent.resolve("tmp"));
        Files.setAttribute(tmp, "unix:mode", 01777);
        Domain domain = new Domain("d", Domain.defaults(uid, run, tmp));

        try (DomainDirectory made = domain.make()) {
            assertThat(made.path()).isEqualTo(tmp.resolve("hybrid-sync-" + uid).resolve("d"));
        }
        Path login = Files.createDirectory(run.resolve(Integer.toString(uid)));
        chmod(login, "rwx------");
        try (DomainDirectory made = domain.make()) {
            assertThat(made.path()).isEqualTo(login.resolve("hybrid-sync").resolve("d"));
        }
        Path there = tmp.resolve("hybrid-sync-" + uid);
        try (DomainDirectory again = new Domain("d", Domain.preferring(there, Domain.defaults(uid, run, tmp))).make()) {
            assertThat(again.path()).as("where the last broker was").isEqualTo(there.resolve("d"));
        }
        List<DomainDirectory> found = domain.find();
        assertThat(found).hasSize(2);
        assertThat(found.get(0).path()).startsWith(run);
        assertThat(found.get(1).path()).startsWith(tmp);
        found.forEach(DomainDirectory::close);
        chmod(tmp.resolve("hybrid-sync-" + uid), "rwxr-xr-x");
        assertThatThrownBy(domain::find).isInstanceOf(AccessDeniedException.class).hasMessageContaining("0755");
    }

    @Test
    void aLoginsDirectoryThatIsNotOursIsNotThePlace() throws IOException {
        int uid = Processes.geteuid();
        Path login = Files.createDirectories(parent.resolve("run").resolve(Integer.toString(uid)));
        chmod(login, "rwxrwxrwx");
        Domain domain = new Domain("d", Domain.defaults(uid, parent.resolve("run"), parent));
        try (DomainDirectory made = domain.make()) {
            assertThat(made.path()).isEqualTo(parent.resolve("hybrid-sync-" + uid).resolve("d"));
        }
    }

    @Test
    void aDirectoryToldByItsPathIsTheSamePlace() {
        Path own = parent.resolve("d");
        try (DomainDirectory made = Domain.at("d", own).make()) {
            assertThat(made.path()).isEqualTo(own);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Domain.at("e", own));
        assertThatIllegalArgumentException().isThrownBy(() -> Domain.at("../d", own));
    }

    @Test
    void whatIsDoneInADirectoryThatIsGoneSaysSo() throws IOException {
        try (DomainDirectory made = Domain.of("d", parent).make()) {
            assertThat(made.remove()).isTrue();
            assertThat(made.isThere()).isFalse();
            assertThat(made.again()).isNull();
            assertThat(made.openFile("lock")).isNull();
            assertThat(made.listen()).isNull();
            assertThat(LockFile.tryLock(made, LockFile.Role.BROKER)).isNull();
            assertThat(ClientsFile.open(made)).isNull();
            Files.createDirectory(parent.resolve("d"));
            assertThat(made.isThere()).as("another one of that name").isFalse();
        }
    }

    @Test
    void filesInItAreRegularAndOurs() throws IOException {
        try (DomainDirectory made = Domain.of("d", parent).make()) {
            Files.createSymbolicLink(made.path().resolve("lock"), parent.resolve("precious"));
            assertThatThrownBy(() -> made.openFile("lock")).isInstanceOf(RuntimeException.class);
            assertThat(parent.resolve("precious")).doesNotExist();
            Files.createDirectory(made.path().resolve("clients"));
            assertThatThrownBy(() -> made.openFile("clients")).isInstanceOf(RuntimeException.class);
            try (Fd file = Objects.requireNonNull(made.openFile("new"))) {
                assertThat(Stat.of(file).permissions()).isEqualTo(0600);
                assertThat(made.isCurrent("new", file)).isTrue();
                made.unlink("new");
                assertThat(made.isCurrent("new", file)).isFalse();
                Objects.requireNonNull(made.openFile("new")).close();
                assertThat(made.isCurrent("new", file)).isFalse();
            }
        }
    }

    private static void assertRefused(Path parent, String because) {
        assertThatThrownBy(() -> Domain.of("d", parent).make())
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(because)
                .hasMessageContaining(parent.toString());
    }

    private static void asRoot() {
        Needed.root("changes owners");
    }

    private static void chmod(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }
}
