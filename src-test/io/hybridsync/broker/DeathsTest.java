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
    private static final long MILLI = 1_000_000;

    @TempDir
    Path parent;

    private final Bench bench = new Bench(Options.defaults());
    private final Timers timers = new Timers();
    private final List<Integer> looks = new ArrayList<>();
    private final List<Integer> outcasts = new ArrayList<>();
    private DomainDirectory directory;
    private BrokerLog log;
    private Deaths deaths;
    private boolean failing;
    private boolean lacking;
    private long now = Long.MAX_VALUE - MILLI;

    @BeforeEach
    void open() {
        directory = Domain.of("test", parent).make();
        log = new BrokerLog(directory, Clock.systemUTC());
        deaths = looking(0);
    }

    private Deaths looking(long nanos) {
        return new Deaths(timers, this::look, log, nanos, () -> now);
    }

    private void expel(int clients) {
        for (int i = 0; i < clients; i++) {
            long connection = bench.client();
            outcasts.add(bench.id(connection));
            bench.registry.expel(connection, "a test");
        }
        outcasts.forEach(client -> deaths.watch(bench.registry, client));
        looks.clear();
    }

    @AfterEach
    void close() {
        log.close();
        directory.close();
    }

    private boolean look(int client) {
        looks.add(client);
        if (failing) {
            throw new IllegalStateException("no look in this test");
        }
        return bench.alive.contains(client);
    }

    /** Waits for what is due next, which is one thing, and does it; for how long. */
    private long next() {
        long pause = timers.next() - now;
        now += pause;
        Objects.requireNonNull(timers.due(now)).run();
        return pause;
    }

    private void pass() {
        try {
            next();
        } finally {
            assertThat(looks).hasSizeLessThanOrEqualTo(Deaths.LOOKS_PER_ROUND);
            looks.clear();
        }
    }

    @Test
    void allAreLookedAtInTurnAndNeverVeryManyInOneEvent() {
        expel(CLIENTS);
        Set<Integer> seen = new HashSet<>();
        for (int round = 0; round < Math.ceilDiv(CLIENTS, Deaths.LOOKS_PER_ROUND); round++) {
            next();
            assertThat(looks).hasSize(Deaths.LOOKS_PER_ROUND);
            seen.addAll(looks);
            looks.clear();
        }
        assertThat(seen).hasSize(CLIENTS);
    }

    @Test
    void whoDiesIsToldAndNobodyIsLookedAtAnyMore() {
        expel(CLIENTS);
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
        expel(CLIENTS);
        failing = true;
        assertThatIllegalStateException().isThrownBy(this::pass);
        failing = false;
        bench.alive.clear();
        for (int round = 0; round < Math.ceilDiv(CLIENTS, Deaths.LOOKS_PER_ROUND); round++) {
            pass();
        }
        assertThat(bench.registry.outcasts()).isZero();
    }

    @Test
    void ofManyTheNextOnesAreLookedAtSooner() {
        expel(Deaths.LOOKS_PER_ROUND);
        assertThat(next()).isEqualTo(200 * MILLI);
        deaths.watch(bench.registry, outcast());
        assertThat(next()).as("one event for all").isEqualTo(200 * MILLI);
        assertThat(next()).isEqualTo(50 * MILLI);
    }

    private int outcast() {
        long connection = bench.client();
        int id = bench.id(connection);
        bench.registry.expel(connection, "a test");
        return id;
    }

    @Test
    void whoIsDeadBeforeHeIsWatchedIsToldAtOnce() {
        int client = outcast();
        bench.alive.remove(client);
        deaths.watch(bench.registry, client);
        assertThat(bench.registry.outcasts()).isZero();
        assertThat(timers.next()).isEqualTo(Timers.NEVER);
    }

    @Test
    void whoHasNeverBeenAClientIsNotLookedAt() {
        deaths.ended(bench.greeted(), bench.registry);
        assertThat(bench.registry.isEmpty()).isTrue();
        assertThat(looks).isEmpty();
    }

    /** Its files are closed one by one. */
    @Test
    void whoHoldsItsByteForAWhileLongerIsDead() {
        deaths = looking(MILLI * 1000);
        long client = bench.client();
        int id = bench.id(client);
        deaths.ended(client, bench.registry);
        assertThat(next()).isEqualTo(MILLI);
        assertThat(bench.id(client)).as("it is not known yet").isEqualTo(id);
        bench.alive.remove(id);
        assertThat(next()).isEqualTo(2 * MILLI);
        assertThat(bench.registry.isEmpty()).isTrue();
        assertThat(bench.registry.outcasts()).isZero();
        assertThat(timers.next()).isEqualTo(Timers.NEVER);
    }

    @Test
    void whoHoldsItTooLongHasLostItsConnectionAndIsWatched() {
        deaths = looking(MILLI * (1 + 2 + 4 + 8 + 16 + 32 + 64 + 64));
        long client = bench.client();
        int id = bench.id(client);
        deaths.ended(client, bench.registry);
        for (long pause : new long[] {1, 2, 4, 8, 16, 32, 64, 64}) {
            assertThat(bench.registry.outcasts()).isZero();
            assertThat(next()).isEqualTo(pause * MILLI);
        }
        assertThat(bench.registry.outcasts()).isEqualTo(1);
        assertThat(directory.path().resolve(DomainDirectory.LOG))
                .content()
                .contains("client " + id + " lives, but has lost its connection");
        bench.alive.remove(id);
        assertThat(next()).isEqualTo(200 * MILLI);
        assertThat(bench.registry.outcasts()).isZero();
    }

    /**
     * As when the file of the living was deleted, and there is no descriptor for another one: that is no reason to forget
     * anybody.
     */
    @ParameterizedTest
    @ValueSource(longs = {0, 10_000_000_000L})
    void whoDiesWhenNobodyCanLookIsFoundDeadLater(long lookNanos) {
        now = 0;
        deaths = new Deaths(timers, this::lookOrLack, log, lookNanos, () -> now);
        long connection = bench.client();
        bench.opened(connection, Mode.CREATE, "a");
        bench.alive.remove(bench.id(connection));
        lacking = true;
        deaths.ended(connection, bench.registry);
        assertThat(bench.registry.objects()).as("nobody knows yet that it is dead").isEqualTo(lookNanos == 0 ? 0 : 1);
        lacking = false;
        while (timers.next() != Timers.NEVER) {
            next();
        }
        assertThat(bench.registry.objects()).isZero();
        assertThat(bench.registry.outcasts()).isZero();
    }

    private boolean lookOrLack(int client) {
        if (lacking) {
            throw new LimitExceededException("no descriptor in this test");
        }
        return bench.alive.contains(client);
    }
}
