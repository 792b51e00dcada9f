package io.hybridsync.conformance;

import static io.hybridsync.conformance.Scenario.alsoFair;

import java.util.List;

/** Conditions of a mutex, the same for both parties. "-" is the one without a name. */
final class ConditionScenarios {

    private ConditionScenarios() {}

    static List<Scenario> all() {
        return List.of(
                alsoFair("who awaits owns the mutex again, as often as before", ConditionScenarios::depth),
                alsoFair("a signal goes to who has waited longest", ConditionScenarios::inTurn),
                alsoFair("a signal to all", ConditionScenarios::toAll),
                alsoFair("a signal that nobody waits for is nothing", ConditionScenarios::notKept),
                alsoFair("conditions are told apart by their names", ConditionScenarios::names),
                alsoFair("without owning the mutex", ConditionScenarios::notOwned),
                alsoFair("timed waits", ConditionScenarios::timed),
                alsoFair("interrupted on entry", ConditionScenarios::interruptedOnEntry),
                alsoFair("interrupted while it waits", ConditionScenarios::interrupted),
                alsoFair("who has given up gets no signal", ConditionScenarios::givenUp),
                alsoFair("signaled, then the mutex is abandoned", ConditionScenarios::adopts),
                alsoFair("closed while it waits", ConditionScenarios::closed));
    }

    private static Pending awaiting(Stage s, Role role, String command) {
        role.does("lock m", "ok");
        s.now("m", role.name());
        Pending waiting = role.starts(command);
        s.now("m", "free");
        return waiting;
    }

    private static void depth(Stage s) {
        s.mutex("m");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("lock m", "ok");
        s.now("m", "b x2");
        Pending waiting = s.b.starts("await m -");
        s.now("m", "free");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signal m -", "ok");
        waiting.goesOn();
        s.a.does("lock m", "ok");
        s.now("m", "a x2");
        s.a.does("unlock m", "ok");
        s.now("m", "a");
        waiting.goesOn();
        s.a.does("unlock m", "ok");
        waiting.ends("ok");
        s.now("m", "b x2");
        s.b.does("unlock m", "ok");
        s.now("m", "b");
    }

    private static void inTurn(Stage s) {
        s.mutex("m");
        Pending first = awaiting(s, s.a2, "await m -");
        Pending second = awaiting(s, s.b, "awaitU m -");
        Pending third = awaiting(s, s.b2, "awaitTimed m - 1000000");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signal m -", "ok");
        s.a.does("unlock m", "ok");
        first.ends("ok");
        s.now("m", "a2");
        second.goesOn();
        s.a2.does("signal m -", "ok");
        s.a2.does("unlock m", "ok");
        second.ends("ok");
        s.now("m", "b");
        third.goesOn();
        s.b.does("signal m -", "ok");
        s.b.does("unlock m", "ok");
        third.ends("true");
        s.now("m", "b2");
    }

    private static void toAll(Stage s) {
        s.mutex("m");
        Pending here = awaiting(s, s.a2, "await m -");
        Pending there = awaiting(s, s.b, "await m -");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signalAll m -", "ok");
        here.goesOn();
        there.goesOn();
        s.a.does("lock m", "ok");
        s.now("m", "a x2");
        s.a.does("unlock m", "ok");
        s.now("m", "a");
        s.a.does("unlock m", "ok");
        Pending first = s.firstOf(here, there);
        first.ends("ok");
        Role owner = first == here ? s.a2 : s.b;
        s.now("m", owner.name());
        owner.does("unlock m", "ok");
        (first == here ? there : here).ends("ok");
        s.now("m", first == here ? "b" : "a2");
    }

    private static void notKept(Stage s) {
        s.mutex("m");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signal m -", "ok");
        s.a.does("signalAll m -", "ok");
        s.a.does("unlock m", "ok");
        s.now("m", "free");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("awaitTimed m - 5", "false");
        Pending waiting = s.b.starts("await m -");
        s.now("m", "free");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signal m -", "ok");
        s.a.does("unlock m", "ok");
        waiting.ends("ok");
        s.now("m", "b");
    }

    private static void names(Stage s) {
        s.mutex("m");
        Pending full = awaiting(s, s.b, "await m full");
        Pending empty = awaiting(s, s.b2, "await m empty");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signalAll m -", "ok");
        s.a.does("signal m empty", "ok");
        s.a.does("unlock m", "ok");
        empty.ends("ok");
        s.now("m", "b2");
        full.goesOn();
        s.b2.does("signalAll m full", "ok");
        s.b2.does("unlock m", "ok");
        full.ends("ok");
        s.now("m", "b");
    }

    private static void notOwned(Stage s) {
        s.mutex("m");
        for (String command : List.of(
                "await m -", "awaitU m -", "awaitTimed m - 5", "awaitNanos m - 5", "awaitUntil m - 5", "signal m -",
                "signalAll m -")) {
            s.b.does(command, "IllegalMonitorStateException");
        }
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a2.does("await m -", "IllegalMonitorStateException");
        s.b.does("await m -", "IllegalMonitorStateException");
        s.b.does("signal m -", "IllegalMonitorStateException");
    }

    private static void timed(Stage s) {
        s.mutex("m");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("lock m", "ok");
        s.now("m", "b x2");
        s.b.does("awaitTimed m - 5", "false");
        s.b.does("awaitTimed m - 0", "false");
        s.b.does("awaitTimed m - -5", "false");
        s.b.does("awaitNanos m - 5", "no time left");
        s.b.does("awaitUntil m - 5", "false");
        s.b.does("awaitUntil m - -5", "false");
        Pending waiting = s.b.starts("awaitNanos m - 1000000");
        s.now("m", "free");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signal m -", "ok");
        s.a.does("unlock m", "ok");
        waiting.ends("time left");
        s.now("m", "b x2");
    }

    private static void interruptedOnEntry(Stage s) {
        s.mutex("m");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("interrupted await m -", "InterruptedException");
        s.b.does("interrupted awaitTimed m - 5", "InterruptedException");
        s.b.does("interrupted awaitNanos m - 5", "InterruptedException");
        s.b.does("interrupted awaitUntil m - 5", "InterruptedException");
        s.b.does("interrupted signal m -", "ok interrupted");
    }

    private static void interrupted(Stage s) {
        s.mutex("m");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("lock m", "ok");
        s.now("m", "b x2");
        Pending waiting = s.b.starts("await m -");
        s.now("m", "free");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        s.now("m", "b x2");
        waiting = s.b.starts("awaitU m -");
        s.now("m", "free");
        waiting.interrupt();
        waiting.goesOn();
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signal m -", "ok");
        s.a.does("unlock m", "ok");
        waiting.ends("ok interrupted");
        s.now("m", "b x2");
    }

    private static void givenUp(Stage s) {
        s.mutex("m");
        Pending interrupted = awaiting(s, s.b, "await m -");
        Pending stays = awaiting(s, s.a2, "await m -");
        interrupted.interrupt();
        interrupted.ends("InterruptedException");
        s.now("m", "b");
        s.b.does("signal m - ; unlock m", "ok ; ok");
        stays.ends("ok");
        s.now("m", "a2");
        s.a2.does("unlock m", "ok");
        s.now("m", "free");
        stays = awaiting(s, s.b, "await m -");
        s.a2.does("lock m", "ok");
        s.now("m", "a2");
        s.a2.does("awaitTimed m - 5", "false");
        s.a2.does("signal m - ; unlock m", "ok ; ok");
        stays.ends("ok");
        s.now("m", "b");
    }

    private static void adopts(Stage s) {
        s.mutex("m");
        Pending waiting = awaiting(s, s.b, "await m -");
        s.a2.does("lock m", "ok");
        s.now("m", "a2");
        s.a2.does("signal m -", "ok");
        s.a2.ends();
        waiting.ends("ok");
        s.now("m", "b adopted");
        s.b.does("unlock m", "ok");
        s.now("m", "free");
    }

    private static void closed(Stage s) {
        s.mutex("m");
        s.b.does("open mutex m as again", "opened");
        s.b.does("lock again", "ok");
        s.now("m", "b");
        Pending waiting = s.b.starts("await again -");
        s.now("m", "free");
        s.b2.does("close again", "ok");
        waiting.ends("ObjectClosedException");
    }
}
