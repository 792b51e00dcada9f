package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.kernel.SeqPacket;
import io.hybridsync.wire.ClientsFile;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(30)
class SeatTest {

    @RegisterExtension
    final BrokerFixture fixture = new BrokerFixture();

    @Test
    void thereIsOne() {
        Seat seat = take();
        assertThat(seat.isWhole()).isTrue();
        assertThat(Seat.take(fixture.directory(), false)).isNull();
        seat.clear(false);
        seat.close();
        assertThat(fixture.directory().isThere()).isFalse();
        assertThat(Seat.take(fixture.directory(), false)).as("in a directory that is gone").isNull();
    }

    @Test
    void whatIsTakenAwayIsMissed() throws IOException {
        for (String file : new String[] {"lock", "socket", "clients"}) {
            fixture.make();
            try (Seat seat = take()) {
                Files.delete(path(file));
                assertThat(seat.isWhole()).as(file).isFalse();
                SeqPacket before = seat.socket();
                assertThat(seat.repair()).as(file).isEqualTo(Seat.Repair.DONE);
                assertThat(seat.isWhole()).as(file).isTrue();
                if (seat.socket() != before) {
                    before.close();
                }
            }
        }
        assertThat(fixture.directory().unlink("clients")).isTrue();
        fixture.expectLitter();
    }

    @Test
    void whatWasWrittenDownStaysWhenTheLockFileIsAnother() throws IOException {
        List<LockFile.Named> journals = List.of(
                new LockFile.Named(new LockFile.Identity(1, 2), 6), new LockFile.Named(new LockFile.Identity(3, 4), 5));
        int incarnation;
        try (Seat seat = take()) {
            incarnation = seat.nextIncarnation(0);
            seat.write(journals);
            seat.reserveClients(32);
            Files.delete(path("lock"));
            assertThat(seat.repair()).isEqualTo(Seat.Repair.DONE);
            assertThat(seat.journals()).isEqualTo(journals);
        }
        try (Seat next = take()) {
            assertThat(next.lastIncarnation()).isEqualTo(incarnation);
            assertThat(next.journals()).isEqualTo(journals);
            assertThat(next.lastClient()).isEqualTo(32);
            next.clear(false);
        }
    }

    @Test
    void whoTakesTheSeatMeanwhileKeepsIt() throws IOException {
        try (Seat former = take()) {
            Files.delete(path("lock"));
            Files.delete(path("socket"));
            try (Seat other = take()) {
                assertThat(former.isWhole()).isFalse();
                assertThat(former.repair()).isEqualTo(Seat.Repair.TAKEN);
                former.clear(false);
                assertThat(other.isWhole()).isTrue();
                other.clear(false);
            }
        }
    }

    @Test
    void whoListensIsNotDisplacedThoughItsLockFileWasDeleted() throws IOException {
        try (Seat former = take()) {
            Files.delete(path("lock"));
            assertThat(Seat.take(fixture.directory(), false)).isNull();
            assertThat(former.repair()).isEqualTo(Seat.Repair.DONE);
            assertThat(LockFile.isHeld(fixture.directory(), LockFile.Role.BROKER)).isTrue();
            former.clear(false);
        }
    }

    @Test
    void aDirectoryThatIsGoneIsMadeAgain() throws IOException {
        try (Seat seat = take()) {
            SeqPacket before = seat.socket();
            try (ClientsFile old = Objects.requireNonNull(ClientsFile.open(fixture.directory()))) {
                assertThat(old.lock(5)).isTrue();
                for (Path file : fixture.files().reversed()) {
                    if (!file.equals(fixture.parent())) {
                        Files.delete(file);
                    }
                }
                assertThat(seat.repair()).isEqualTo(Seat.Repair.DONE);
                before.close();
                assertThat(seat.isWhole()).isTrue();
                assertThat(seat.directory().isThere()).isTrue();
                assertThat(seat.isHeld(5)).as("in the file that was deleted").isTrue();
            }
            assertThat(seat.isHeld(5)).isFalse();
            try (DomainDirectory made = fixture.make();
                    ClientsFile now = Objects.requireNonNull(ClientsFile.open(made))) {
                assertThat(now.lock(6)).isTrue();
                assertThat(seat.isHeld(6)).isTrue();
            }
            seat.clear(false);
        }
    }

    @Test
    void aDirectoryThatIsRemovedDuringTheRepairIsNotAnotherBroker() throws IOException {
        try (Seat seat = take()) {
            for (Path file : fixture.files().reversed()) {
                if (!file.equals(fixture.parent())) {
                    Files.delete(file);
                }
            }
            assertThat(seat.repairIn(fixture.directory())).isEqualTo(Seat.Repair.GONE);
        }
    }

    @Test
    void whatTheNextBrokerNeedsStaysAsLongAsAClientLives() {
        try (Seat seat = take();
                ClientsFile file = Objects.requireNonNull(ClientsFile.open(fixture.directory()))) {
            assertThat(file.lock(5)).isTrue();
            seat.clear(false);
            assertThat(path("clients")).exists();
            assertThat(path("lock")).as("it knows the incarnation").exists();
            assertThat(path("socket")).doesNotExist();
        }
        fixture.expectLitter();
    }

    /** Also in a lock file that was made again, and no longer than it is the broker. */
    @Test
    void aProcessThatIsThereForNothingElseSaysSoAsLongAsItIsTheBroker() {
        try (Seat _ = take()) {
            assertThat(LockFile.isHeld(fixture.directory(), LockFile.Role.PROCESS)).isFalse();
        }
        try (Seat seat = Objects.requireNonNull(Seat.take(fixture.directory(), true))) {
            assertThat(LockFile.isHeld(fixture.directory(), LockFile.Role.PROCESS)).isTrue();
            assertThat(fixture.directory().unlink(DomainDirectory.LOCK)).isTrue();
            assertThat(LockFile.isHeld(fixture.directory(), LockFile.Role.PROCESS)).isFalse();
            assertThat(seat.repair()).isEqualTo(Seat.Repair.DONE);
            assertThat(LockFile.isHeld(fixture.directory(), LockFile.Role.PROCESS)).isTrue();
        }
        assertThat(LockFile.isHeld(fixture.directory(), LockFile.Role.PROCESS)).isFalse();
        fixture.expectLitter();
    }

    private Seat take() {
        return Objects.requireNonNull(Seat.take(fixture.directory(), false));
    }

    private Path path(String file) {
        return fixture.directory().path().resolve(file);
    }
}
