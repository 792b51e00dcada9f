package io.hybridsync.conformance;

import static java.util.Objects.requireNonNull;

import io.hybridsync.BrokerMode;
import io.hybridsync.process.Residue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios between two clients in this process. */
class SameProcessTest {

    private static final String WHERE = "same process";

    @TempDir
    static Path directory;

    private static final List<Troupe> OPEN = new ArrayList<>();
    private static final Map<Threads, List<DynamicNode>> TESTS = new EnumMap<>(Threads.class);
    private static final List<DynamicNode> DEATHS = new ArrayList<>();

    @BeforeAll
    static void begin() {
        for (Threads kind : Threads.values()) {
            TESTS.put(kind, Suite.tests(WHERE, kind, open(kind), open(kind)));
        }
        Map<Threads, Troupe> leaving = new EnumMap<>(Threads.class);
        for (Threads kind : Threads.values()) {
            leaving.put(kind, open(kind));
        }
        DEATHS.addAll(Suite.deaths(
                WHERE + ", the second leaves",
                SameProcessTest::open,
                kind -> requireNonNull(leaving.get(kind)),
                () -> leaving.values().forEach(Troupe::close)));
    }

    @AfterAll
    static void nothingIsLeft() {
        OPEN.forEach(Troupe::close);
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
    List<DynamicNode> secondLeaves() {
        return DEATHS;
    }

    private static Troupe open(Threads kind) {
        Troupe troupe = Troupe.open(directory, BrokerMode.IN_PROCESS, kind);
        synchronized (OPEN) {
            OPEN.add(troupe);
        }
        return troupe;
    }
}
