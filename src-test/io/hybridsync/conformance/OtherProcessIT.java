package io.hybridsync.conformance;

import static java.util.Objects.requireNonNull;

import io.hybridsync.BrokerMode;
import io.hybridsync.process.Residue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios between this process and another: one for all, and one that is killed. */
class OtherProcessIT {

    private static final String WHERE = "other process";

    @TempDir
    static Path directory;

    private static final List<Troupe> OPEN = new ArrayList<>();
    private static final Map<Threads, List<DynamicNode>> TESTS = new EnumMap<>(Threads.class);
    private static final List<DynamicNode> DEATHS = new ArrayList<>();
    private static @Nullable Abroad other;
    private static @Nullable Abroad victim;

    @BeforeAll
    static void begin() {
        Abroad here = Abroad.start(directory);
        Abroad dies = Abroad.start(directory);
        other = here;
        victim = dies;
        for (Threads kind : Threads.values()) {
            TESTS.put(kind, Suite.tests(WHERE, kind, open(kind), here.party(kind)));
        }
        DEATHS.addAll(Suite.deaths(WHERE + ", it is killed", OtherProcessIT::open, dies::party, dies::kill));
    }

    @AfterAll
    static void nothingIsLeft() {
        OPEN.forEach(Troupe::close);
        requireNonNull(other).close();
        requireNonNull(victim).close();
        Residue.assertNone(directory);
    }

    @TestFactory
    List<DynamicNode> direct() {
        return requireNonNull(TESTS.get(Threads.DIRECT));
    }

    @TestFactory
    List<DynamicNode> parked() {
        return requireNonNull(TESTS.get(Threads.PARKED));
    }

    @TestFactory
    List<DynamicNode> virtual() {
        return requireNonNull(TESTS.get(Threads.VIRTUAL));
    }

    @TestFactory
    List<DynamicNode> secondIsKilled() {
        return DEATHS;
    }

    private static Troupe open(Threads kind) {
        Troupe troupe = Troupe.open(directory, BrokerMode.SPAWN, kind);
        synchronized (OPEN) {
            OPEN.add(troupe);
        }
        return troupe;
    }
}
