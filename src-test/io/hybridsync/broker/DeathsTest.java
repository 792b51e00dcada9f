package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that have lost their connection and live, until they do not. */
class DeathsTest {

    private static final int CLIENTS = 1000;

    @TempDir
    Path parent;

    private final Bench bench = new Bench(Options.defaults());
    private final Timers timers = new Timers();
    private final List<Integer> looks = new ArrayList<>();
    private final List<Integer> outcasts = new ArrayList<>();
    private DomainDirectory directory;
    private Deaths deaths;
    private boolean failing;

    @BeforeEach
    void expelMany() {
        directory = Domain.of("test", parent).make();
        deaths = new Deaths(timers, this::look, new BrokerLog(directory, Clock.systemUTC()), 0);
        for (int i = 0; i < CLIENTS; i++) {
            long connection = bench.client();
            outcasts.add(bench.id(connection));
            bench.registry.expel(connection, "a test");
        }
        outcasts.forEach(client -> deaths.watch(bench.registry, client));
        looks.clear();
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private boolean look(int client) {
        looks.add(client);
        if (failing) {
            throw new IllegalStateException("no look in this test");
        }
        return bench.alive.contains(client);
    }

    /** What is due some time, which is one thing. */
    private Runnable due() {
        return Objects.requireNonNull(timers.due(System.nanoTime() + 1_000_000_000));
    }

    private void pass() {
        try {
            due().run();
        } finally {
            assertThat(looks).hasSizeLessThanOrEqualTo(Deaths.LOOKS_PER_ROUND);
            looks.clear();
        }
    }

    @Test
    void allAreLookedAtInTurnAndNeverVeryManyInOneEvent() {
        Set<Integer> seen = new HashSet<>();
        for (int round = 0; round < Math.ceilDiv(CLIENTS, Deaths.LOOKS_PER_ROUND); round++) {
            due().run();
            assertThat(looks).hasSize(Deaths.LOOKS_PER_ROUND);
            seen.addAll(looks);
            looks.clear();
        }
        assertThat(seen).hasSize(CLIENTS);
    }

    @Test
    void whoDiesIsToldAndNobodyIsLookedAtAnyMore() {
        bench.alive.removeAll(outcasts.subList(1, CLIENTS));
        for (int round = 0; round < Math.ceilDiv(CLIENTS, Deaths.LOOKS_PER_ROUND); round++) {
            pass();
        }
        assertThat(bench.registry.outcasts()).isEqualTo(1);
        bench.alive.clear();
        pass();
        assertThat(bench.registry.outcasts()).isZero();
        assertThat(timers.next()).isEqualTo(Timers.NEVER);
    }

    @Test
    void aLookThatFailsIsTriedAgain() {
        failing = true;
        assertThatIllegalStateException().isThrownBy(this::pass);
        failing = false;
        bench.alive.clear();
        for (int round = 0; round < Math.ceilDiv(CLIENTS, Deaths.LOOKS_PER_ROUND); round++) {
            pass();
        }
        assertThat(bench.registry.outcasts()).isZero();
    }
}
