package io.hybridsync.conformance;

import static io.hybridsync.conformance.Scenario.alsoFair;

import java.util.List;

/** Handles, names, tokens. */
final class HandleScenarios {

    private static final List<String> KINDS = List.of("semaphore", "mutex", "event");

    private HandleScenarios() {}

    static List<Scenario> all() {
        return List.of(
                alsoFair("an existing object wins", HandleScenarios::existingWins),
                alsoFair("one name space for all kinds", HandleScenarios::oneNameSpace),
                alsoFair("a name ends with the last handle", HandleScenarios::nameEnds),
                alsoFair("tokens open what has no name", HandleScenarios::tokens),
                alsoFair("a query handle only asks: semaphores", HandleScenarios::querySemaphore),
                alsoFair("a query handle only asks: mutexes", HandleScenarios::queryMutex),
                alsoFair("a query handle only asks: events", HandleScenarios::queryEvent),
                alsoFair("a closed handle is of no use: semaphores", HandleScenarios::closedSemaphore),
                alsoFair("a closed handle is of no use: mutexes", HandleScenarios::closedMutex),
                alsoFair("a closed handle is of no use: events", HandleScenarios::closedEvent));
    }

    private static String spec(Stage s, String kind) {
        return s.place() + (kind.equals("semaphore") ? " 1 2" : " auto");
    }

    private static void existingWins(Stage s) {
        s.semaphore("s", 2, 3);
        s.mutex("m", "adopt");
        s.event("e", "auto", "set");
        s.b.does("create semaphore s %s 7 9 as s2".formatted(s.place()), "opened");
        s.b.does("maximum s2", "3");
        s.b.does("created s2", "false");
        s.a.does("created s", "true");
        s.b.does("called s2", s.prefix() + "s");
        s.b.does("create mutex m SHARED as m2", "opened");
        s.b.does("create event e BROKER_ONLY manual as e2", "opened");
        s.b.does("pass e2", "ok");
        s.now("e", "unset");
        for (String kind : KINDS) {
            String name = kind.substring(0, 1);
            s.b.does("new %s %s %s".formatted(kind, name, spec(s, kind)), "ObjectExistsException");
            s.a.does("new %s %s %s".formatted(kind, name, spec(s, kind)), "ObjectExistsException");
        }
    }

    private static void oneNameSpace(Stage s) {
        s.semaphore("s", 2, 3);
        s.mutex("m");
        s.event("e", "manual");
        for (String kind : KINDS) {
            for (String name : List.of("s", "m", "e")) {
                if (!kind.startsWith(name)) {
                    s.b.does("open %s %s as x".formatted(kind, name), "KindMismatchException");
                    s.b.does("create %s %s %s as x".formatted(kind, name, spec(s, kind)), "KindMismatchException");
                    s.a.does("new %s %s %s as x".formatted(kind, name, spec(s, kind)), "ObjectExistsException");
                }
            }
        }
        String token = s.a.says("token s");
        s.b.does("from event x " + token, "KindMismatchException");
        s.b.does("from mutex x " + token, "KindMismatchException");
    }

    private static void nameEnds(Stage s) {
        s.a.does("new semaphore s %s 1 2".formatted(s.place()), "created");
        s.b.does("open semaphore s", "opened");
        s.b.does("open semaphore s as again", "opened");
        s.a.does("close s", "ok");
        s.a.does("close s", "ok");
        s.b.does("close s", "ok");
        s.a.does("open semaphore s as other", "opened");
        s.a.does("close other", "ok");
        s.b.does("permits again", "1");
        s.b.does("close again", "ok");
        s.a.does("open semaphore s", "NoSuchObjectException");
        s.b.does("open event s", "NoSuchObjectException");
        s.b.does("new event s %s manual".formatted(s.place()), "created");
        s.a.does("open event s as other", "opened");
    }

    private static void tokens(Stage s) {
        for (String kind : KINDS) {
            String name = "?" + kind;
            s.a.does("new %s %s %s".formatted(kind, name, spec(s, kind)), "created");
            String state = kind.equals("semaphore") ? "1" : kind.equals("mutex") ? "free" : "unset";
            s.knows(kind, name, s.place(), state, Prop.ANY_MAXIMUM);
            String token = s.a.says("token " + name);
            s.b.does("from %s %s %s".formatted(kind, name, token), "opened");
            s.b.does("called " + name, "(nothing)");
            s.b.does("token " + name, token);
            s.b.does("access " + name, "FULL");
        }
        s.b.does("acquire ?semaphore", "ok");
        s.now("?semaphore", "0");
        s.b.does("lock ?mutex", "ok");
        s.now("?mutex", "b");
        s.b.does("set ?event", "false");
        s.now("?event", "set");
        s.a.does("pass ?event", "ok");
        s.now("?event", "unset");
        s.b.does("from semaphore x " + "0".repeat(32), "NoSuchObjectException");
        s.b.does("from semaphore x " + "0".repeat(31), "IllegalArgumentException");
        String token = s.a.says("token ?semaphore");
        s.a.does("close ?semaphore", "ok");
        s.b.does("close ?semaphore", "ok");
        s.b.does("from semaphore x " + token, "NoSuchObjectException");
    }

    private static void querySemaphore(Stage s) {
        s.semaphore("s", 1, 2);
        s.b.does("open semaphore s query as asks", "opened");
        s.b.does("access asks", "QUERY");
        s.b.does("permits asks ; maximum asks ; snapshot asks", "1 ; 2 ; SEMAPHORE");
        denied(s, "acquire asks", "acquireU asks", "try asks", "timed asks 1 5", "timed asks 1 0", "release asks 1",
                "release asks 0", "drain asks", "take asks", "try asks 9", "timed asks 9 5");
        s.b.does("close asks ; close asks ; isClosed asks", "ok ; ok ; true");
    }

    private static void queryMutex(Stage s) {
        s.mutex("m");
        s.b.does("open mutex m query as asks", "opened");
        denied(s, "lock asks", "lockI asks", "tryLock asks", "lockTimed asks 5", "lockTimed asks 0", "unlock asks",
                "recover asks", "await asks -", "signal asks -", "signalAll asks -");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("isMine asks ; holds asks ; isLocked asks", "true ; 1 ; true");
        s.b.does("isAbandoned asks ; adopted asks", "false ; false");
        denied(s, "unlock asks", "lock asks", "tryLock asks", "await asks -", "signal asks -");
    }

    private static void queryEvent(Stage s) {
        s.event("e", "auto", "set");
        s.b.does("open event e query as asks", "opened");
        s.b.does("isSet asks ; snapshot asks", "true ; EVENT");
        denied(s, "set asks", "reset asks", "pulse asks", "pass asks", "passU asks", "passTimed asks 5",
                "passTimed asks 0");
    }

    private static void denied(Stage s, String... commands) {
        for (String command : commands) {
            s.b.does(command, "AccessDeniedException");
        }
    }

    private static void closedSemaphore(Stage s) {
        s.semaphore("s", 1, 2);
        s.b.does("open semaphore s as shut ; close shut ; isClosed shut", "opened ; ok ; true");
        useless(s, "acquire shut", "acquireU shut", "try shut", "timed shut 1 5", "timed shut 1 0", "release shut 1",
                "drain shut", "take shut", "permits shut", "maximum shut", "snapshot shut", "try shut 9",
                "timed shut 9 5");
    }

    private static void closedMutex(Stage s) {
        s.mutex("m");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("open mutex m as shut ; close shut ; isClosed shut", "opened ; ok ; true");
        useless(s, "lock shut", "lockI shut", "tryLock shut", "lockTimed shut 5", "lockTimed shut 0", "unlock shut",
                "recover shut", "await shut -", "signal shut -", "isLocked shut", "isAbandoned shut", "isMine shut",
                "holds shut", "adopted shut", "snapshot shut");
    }

    private static void closedEvent(Stage s) {
        s.event("e", "auto", "set");
        s.b.does("open event e as shut ; close shut ; isClosed shut", "opened ; ok ; true");
        useless(s, "set shut", "reset shut", "pulse shut", "pass shut", "passU shut", "passTimed shut 5",
                "passTimed shut 0", "isSet shut", "snapshot shut");
    }

    private static void useless(Stage s, String... commands) {
        for (String command : commands) {
            s.b.does(command, "ObjectClosedException");
        }
    }
}
