package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.wire.Domain;
import io.hybridsync.wire.DomainDirectory;
import io.hybridsync.wire.Mode;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    private boolean lacking;

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

    /** As when the file of the living was deleted, and there is no descriptor for another one: that is no reason to forget anybody. */
    @ParameterizedTest
    @ValueSource(longs = {0, 10_000_000_000L})
    void whoDiesWhenNobodyCanLookIsFoundDeadLater(long lookNanos) {
        Timers own = new Timers();
        Deaths looking = new Deaths(own, this::lookOrLack, new BrokerLog(directory, Clock.systemUTC()), lookNanos);
        long connection = bench.client();
        bench.opened(connection, Mode.CREATE, "a");
        bench.alive.remove(bench.id(connection));
        lacking = true;
        looking.ended(connection, bench.registry);
        assertThat(bench.registry.objects()).as("nobody knows yet that it is dead").isEqualTo(lookNanos == 0 ? 0 : 1);
        lacking = false;
        while (own.next() != Timers.NEVER) {
            Objects.requireNonNull(own.due(own.next())).run();
        }
        assertThat(bench.registry.objects()).isZero();
        assertThat(bench.registry.outcasts()).isEqualTo(CLIENTS);
    }

    private boolean lookOrLack(int client) {
        if (lacking) {
            throw new LimitExceededException("no descriptor in this test");
        }
        return bench.alive.contains(client);
    }
}
