package io.hybridsync.conformance;

import static io.hybridsync.conformance.Scenario.alsoFair;
import static io.hybridsync.conformance.Scenario.anywhere;

import java.util.List;

/** Semaphores: permits taken, given back, waited for. */
final class SemaphoreScenarios {

    private static final String MOST = "" + Integer.MAX_VALUE;

    private SemaphoreScenarios() {}

    static List<Scenario> all() {
        return List.of(
                alsoFair("permits are taken and given back by anybody", SemaphoreScenarios::takenAndGivenBack),
                alsoFair("a release over the maximum changes nothing", SemaphoreScenarios::overTheMaximum),
                alsoFair("numbers that make no sense", SemaphoreScenarios::badNumbers),
                alsoFair("no permits at all are always there", SemaphoreScenarios::noPermits),
                alsoFair("no time: one try", SemaphoreScenarios::noTime),
                alsoFair("a timed acquire ends with its time, or by a release", SemaphoreScenarios::timed),
                alsoFair("a release lets the other party's waiter go", SemaphoreScenarios::released),
                alsoFair("an acquire of many takes them all at once", SemaphoreScenarios::many),
                alsoFair("one release lets several go", SemaphoreScenarios::severalAtOnce),
                alsoFair("interrupted on entry", SemaphoreScenarios::interruptedOnEntry),
                alsoFair("interrupted while it waits", SemaphoreScenarios::interrupted),
                alsoFair("closing ends waits through that handle only", SemaphoreScenarios::closed),
                alsoFair("a hold is given back once", SemaphoreScenarios::hold),
                alsoFair("an untimed try barges", SemaphoreScenarios::barges),
                alsoFair("only a holder releases what is leased", SemaphoreScenarios::leased),
                alsoFair("the last handle gives back what is leased", SemaphoreScenarios::leaseEnds),
                anywhere("who needs fewer overtakes", SemaphoreScenarios::overtakes));
    }

    private static void takenAndGivenBack(Stage s) {
        s.semaphore("s", 2, 3);
        s.a.does("acquire s", "ok");
        s.now("s", "1");
        s.b.does("acquireU s", "ok");
        s.now("s", "0");
        s.a.does("try s", "false");
        s.b.does("try s", "false");
        s.b.does("release s 1", "0");
        s.now("s", "1");
        s.b.does("release s 2", "1");
        s.now("s", "3");
        s.a2.does("try s 3", "true");
        s.now("s", "0");
        s.b2.does("release s 3", "0");
        s.now("s", "3");
        s.b.does("drain s", "3");
        s.now("s", "0");
        s.a.does("drain s", "0");
        s.a.does("maximum s", "3");
        s.b.does("maximum s", "3");
    }

    private static void leased(Stage s) {
        s.leased("s", 3, 5);
        s.a.does("release s 1", "IllegalStateException");
        s.a.does("release s 0", "3");
        s.a.does("acquire s 2", "ok");
        s.now("s", "1");
        s.b.does("release s 1", "IllegalStateException");
        s.a2.does("release s 3", "IllegalStateException");
        s.a2.does("release s 1", "1");
        s.now("s", "2");
        s.b.does("drain s", "2");
        s.now("s", "0");
        s.b2.does("release s 2", "0");
        s.now("s", "2");
        s.b.does("release s 1", "IllegalStateException");
        s.a.does("release s 1", "2");
        s.now("s", "3");
        s.a.does("release s 1", "IllegalStateException");
    }

    private static void leaseEnds(Stage s) {
        s.leased("s", 3, 3);
        s.b.does("open semaphore s as t", "opened");
        s.b.does("acquire t 2", "ok");
        s.now("s", "1");
        s.b.does("close t", "ok");
        s.a.does("acquire s 1", "ok");
        s.now("s", "0");
        Pending waits = s.a2.starts("acquire s 2");
        s.b.does("close s", "ok");
        waits.ends("ok");
        s.a.does("release s 3", "0");
        s.now("s", "3");
    }

    private static void overTheMaximum(Stage s) {
        s.semaphore("s", 2, 3);
        s.semaphore("full", Integer.MAX_VALUE, Integer.MAX_VALUE);
        s.a.does("release s 2", "PermitLimitException");
        s.b.does("release s 2", "PermitLimitException");
        s.a.does("release s " + MOST, "PermitLimitException");
        s.b.does("release s 1", "2");
        s.now("s", "3");
        s.a.does("release s 1", "PermitLimitException");
        s.a.does("release s 0", "3");
        s.b.does("release full 1", "PermitLimitException");
        s.b.does("release full " + MOST, "PermitLimitException");
        s.b.does("acquire full " + MOST, "ok");
        s.now("full", "0");
        s.a.does("release full " + MOST, "0");
        s.now("full", MOST);
    }

    private static void badNumbers(Stage s) {
        s.semaphore("s", 1, 2);
        for (String command : List.of(
                "acquire s -1", "acquire s 3", "acquireU s -1", "acquireU s 3", "try s -1", "timed s -1 5", "take s 3",
                "take s -1", "release s -1")) {
            s.b.does(command, "IllegalArgumentException");
        }
        s.b.does("try s 3", "false");
        s.b.does("timed s 3 0", "false");
        s.b.does("timed s 3 1000000", "false");
        s.a.does("new semaphore x %s -1".formatted(s.place()), "IllegalArgumentException");
        s.a.does("new semaphore x %s 0 0".formatted(s.place()), "IllegalArgumentException");
        s.a.does("new semaphore x %s 2 1".formatted(s.place()), "IllegalArgumentException");
        s.a.does("open semaphore x", "NoSuchObjectException");
    }

    private static void noPermits(Stage s) {
        s.semaphore("s", 0, 2);
        s.a.does("acquire s 0", "ok");
        s.b.does("acquireU s 0", "ok");
        s.b.does("try s 0", "true");
        s.b.does("timed s 0 0", "true");
        s.a.does("timed s 0 5", "true");
        s.a.does("release s 0", "0");
    }

    private static void noTime(Stage s) {
        s.semaphore("s", 1, 2);
        s.b.does("timed s 2 0", "false");
        s.b.does("timed s 2 -5", "false");
        s.b.does("timed s 1 -5", "true");
        s.now("s", "0");
        s.a.does("timed s 1 0", "false");
        s.b.does("release s 1", "0");
        s.now("s", "1");
        s.a.does("timed s 1 0", "true");
        s.now("s", "0");
    }

    private static void timed(Stage s) {
        s.semaphore("s", 1, 2);
        s.b.does("timed s 2 5", "false");
        s.a.does("timed s 2 5", "false");
        Pending waiting = s.b.starts("timed s 2 1000000");
        s.a.does("release s 1", "1");
        waiting.ends("true");
        s.now("s", "0");
    }

    private static void released(Stage s) {
        s.semaphore("s", 0, 1);
        Pending there = s.b.starts("acquire s");
        s.a.does("release s 1", "0");
        there.ends("ok");
        Pending here = s.a.starts("acquireU s");
        s.b.does("release s 1", "0");
        here.ends("ok");
        Pending neighbour = s.b2.starts("acquire s");
        s.b.does("release s 1", "0");
        neighbour.ends("ok");
        s.a.does("release s 1", "0");
        s.now("s", "1");
    }

    private static void many(Stage s) {
        s.semaphore("s", 0, 3);
        Pending waiting = s.b.starts("acquire s 3");
        s.a.does("release s 1", "0");
        waiting.goesOn();
        s.now("s", "1");
        s.b2.does("release s 1", "1");
        waiting.goesOn();
        s.now("s", "2");
        s.a.does("release s 2", "PermitLimitException");
        s.a.does("release s 1", "2");
        waiting.ends("ok");
        s.now("s", "0");
    }

    private static void severalAtOnce(Stage s) {
        s.semaphore("s", 0, 4);
        Pending first = s.b.starts("acquire s");
        Pending second = s.a2.starts("acquireU s 2");
        Pending third = s.b2.starts("timed s 1 1000000");
        s.a.does("release s 4", "0");
        first.ends("ok");
        second.ends("ok");
        third.ends("true");
        s.now("s", "0");
    }

    private static void interruptedOnEntry(Stage s) {
        s.semaphore("s", 4, 4);
        s.b.does("interrupted acquire s", "InterruptedException");
        s.b.does("interrupted timed s 1 5", "InterruptedException");
        s.b.does("interrupted timed s 1 0", "InterruptedException");
        s.b.does("interrupted take s", "InterruptedException");
        s.b.does("interrupted try s", "true interrupted");
        s.now("s", "3");
        s.b.does("interrupted acquireU s", "ok interrupted");
        s.now("s", "2");
        s.b.does("interrupted release s 1", "2 interrupted");
        s.now("s", "3");
        s.b.does("interrupted drain s", "3 interrupted");
        s.now("s", "0");
    }

    private static void interrupted(Stage s) {
        s.semaphore("s", 0, 4);
        Pending waiting = s.b.starts("acquire s");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        waiting = s.b.starts("timed s 2 1000000");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        waiting = s.b.starts("acquireU s");
        waiting.interrupt();
        waiting.goesOn();
        s.a.does("release s 1", "0");
        waiting.ends("ok interrupted");
    }

    private static void closed(Stage s) {
        s.semaphore("s", 0, 2);
        s.b.does("open semaphore s as again", "opened");
        Pending through = s.b.starts("acquire s");
        Pending throughOther = s.b2.starts("acquire again");
        Pending ofOther = s.a2.starts("acquireU s");
        s.b3.does("close again", "ok");
        throughOther.ends("ObjectClosedException");
        s.b3.does("close s", "ok");
        through.ends("ObjectClosedException");
        ofOther.goesOn();
        s.b.does("try s", "ObjectClosedException");
        s.a.does("release s 1", "0");
        ofOther.ends("ok");
    }

    private static void hold(Stage s) {
        s.semaphore("s", 3, 3);
        s.b.does("take s 2", "ok");
        s.now("s", "1");
        s.b.does("give s", "ok");
        s.now("s", "3");
        s.b.does("give s", "ok");
        s.a.does("take s 1", "ok");
        s.now("s", "2");
        s.a.does("give s", "ok");
        s.now("s", "3");
    }

    private static void barges(Stage s) {
        s.semaphore("s", 1, 2);
        Pending waiting = s.b.starts("acquire s 2");
        s.a.does("try s 1", "true");
        s.now("s", "0");
        s.a.does("release s 1", "0");
        s.now("s", "1");
        s.b2.does("drain s", "1");
        s.now("s", "0");
        s.a.does("release s 2", "0");
        waiting.ends("ok");
        s.now("s", "0");
    }

    private static void overtakes(Stage s) {
        s.semaphore("s", 0, 3);
        Pending large = s.b.starts("acquire s 3");
        Pending small = s.a2.starts("acquire s 1");
        s.a.does("release s 1", "0");
        small.ends("ok");
        large.goesOn();
        s.a.does("release s 2", "0");
        s.now("s", "2");
        s.b2.does("acquire s 1", "ok");
        s.now("s", "1");
        s.a.does("release s 2", "1");
        large.ends("ok");
        s.now("s", "0");
    }
}
