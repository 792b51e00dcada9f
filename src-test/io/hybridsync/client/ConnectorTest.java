package io.hybridsync.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.LockFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How the next broker is looked for. */
@Timeout(60)
class ConnectorTest {

    private static final String NAME = "test";

    @TempDir
    Path parent;

    /** Clients take turns: who has tried says why there is no broker, also while another one tries. */
    @Test
    void whatWentWrongIsToldUntilThereIsABroker() {
        Starter starter = arguments -> {
            throw new BrokerUnavailableException("no room");
        };
        Settings settings =
                new Settings(NAME, parent, Duration.ZERO, Duration.ofSeconds(1), false, Optional.of(starter));
        Connector connector = new Connector(settings, new Identity());
        List<String> told = new ArrayList<>();
        Deque<LockFile> other = new ArrayDeque<>();
        try (DomainDirectory place = Domain.of(NAME, parent).make()) {
            Contact contact = connector.findNext(place, 0, () -> Long.MAX_VALUE, why -> {
                told.add(why);
                if (told.size() == 1) {
                    other.push(requireNonNull(LockFile.tryLock(place, LockFile.Role.STARTER)));
                } else {
                    connector.giveUp();
                }
            });
            assertThat(contact).isNull();
        } finally {
            other.forEach(LockFile::close);
        }
        assertThat(told).containsExactly("no room", "no room");
    }

    /** How often a broker is started while somebody else has been starting one, until that was tried so often. */
    private int starts(long stuckNanos, int tries, LockFile.Role... held) {
        List<String> started = new ArrayList<>();
        Starter starter = arguments -> {
            started.add("once more");
            throw new BrokerUnavailableException("no room");
        };
        Settings settings =
                new Settings(NAME, parent, Duration.ZERO, Duration.ofSeconds(1), false, Optional.of(starter));
        Connector connector = new Connector(settings, new Identity(), stuckNanos);
        Deque<LockFile> others = new ArrayDeque<>();
        List<String> told = new ArrayList<>();
        try (DomainDirectory place = Domain.of(NAME, parent).make()) {
            for (LockFile.Role role : held) {
                others.push(requireNonNull(LockFile.tryLock(place, role)));
            }
            Contact contact = connector.findNext(place, 0, () -> Long.MAX_VALUE, why -> {
                told.add(why);
                if (told.size() == tries) {
                    connector.giveUp();
                }
            });
            assertThat(contact).isNull();
        } finally {
            others.forEach(LockFile::close);
        }
        return started.size();
    }

    /** As one that was stopped before its broker listened. */
    @Test
    void aStarterThatComesToNoEndIsNotWaitedForForEver() {
        assertThat(starts(0, 2, LockFile.Role.STARTER)).isEqualTo(2);
        assertThat(starts(Long.MAX_VALUE, 2, LockFile.Role.STARTER)).as("it has the time that it takes").isZero();
        assertThat(starts(0, 2, LockFile.Role.STARTER, LockFile.Role.DEPUTY)).as("one is enough").isZero();
        assertThat(starts(0, 2, LockFile.Role.STARTER, LockFile.Role.BROKER)).as("it has done it").isZero();
    }
}
