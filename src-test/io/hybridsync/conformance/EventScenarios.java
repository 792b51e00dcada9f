package io.hybridsync.conformance;

import static io.hybridsync.conformance.Scenario.anywhere;

import java.util.List;

/** Events: set, reset, pulsed, passed. */
final class EventScenarios {

    private EventScenarios() {}

    static List<Scenario> all() {
        return List.of(
                anywhere("set, reset and pulse tell the state before", EventScenarios::previous),
                anywhere("a manual-reset event lets everybody pass", EventScenarios::manual),
                anywhere("an auto-reset event lets one pass", EventScenarios::auto),
                anywhere("setting an auto-reset event twice is setting it once", EventScenarios::twice),
                anywhere("no time: one try", EventScenarios::noTime),
                anywhere("a timed wait ends with its time, or by a set", EventScenarios::timed),
                anywhere(
                        "a pulse of a manual-reset event lets all go who wait, nobody else",
                        EventScenarios::pulseManual),
                anywhere(
                        "a pulse of an auto-reset event lets one go who waits, nobody else",
                        EventScenarios::pulseAuto),
                anywhere("a pulse takes a signal back", EventScenarios::pulseTakesBack),
                anywhere("set and reset at once release who waits", EventScenarios::setAndReset),
                anywhere("interrupted on entry", EventScenarios::interruptedOnEntry),
                anywhere("interrupted while it waits", EventScenarios::interrupted),
                anywhere("closing ends waits through that handle only", EventScenarios::closed));
    }

    private static void previous(Stage s) {
        for (String kind : List.of("auto", "manual")) {
            String e = "e-" + kind;
            s.event(e, kind);
            s.a.does("reset " + e, "false");
            s.a.does("pulse " + e, "false");
            s.b.does("set " + e, "false");
            s.now(e, "set");
            s.a.does("set " + e, "true");
            s.a.does("isSet " + e, "true");
            s.b.does("pulse " + e, "true");
            s.now(e, "unset");
            s.a.does("set " + e, "false");
            s.now(e, "set");
            s.b.does("reset " + e, "true");
            s.now(e, "unset");
            s.b.does("isSet " + e, "false");
            s.event("set-" + kind, kind, "set");
            s.b.does("pass set-" + kind, "ok");
            s.now("set-" + kind, kind.equals("auto") ? "unset" : "set");
        }
    }

    private static void manual(Stage s) {
        s.event("e", "manual");
        Pending first = s.a.starts("pass e");
        Pending second = s.b.starts("passU e");
        Pending third = s.b2.starts("passTimed e 1000000");
        s.a2.does("set e", "false");
        first.ends("ok");
        second.ends("ok");
        third.ends("true");
        s.now("e", "set");
        s.b.does("pass e", "ok");
        s.a.does("passTimed e 0", "true");
        s.b.does("reset e", "true");
        s.now("e", "unset");
        Pending later = s.a.starts("pass e");
        s.b.does("set e", "false");
        later.ends("ok");
        s.now("e", "set");
    }

    private static void auto(Stage s) {
        s.event("e", "auto");
        Pending there = s.b.starts("pass e");
        s.a.does("set e", "false");
        there.ends("ok");
        Pending here = s.a.starts("passTimed e 1000000");
        s.b.does("set e", "false");
        here.ends("true");
        s.a.does("set e", "false");
        s.now("e", "set");
        s.b.does("passU e", "ok");
        s.now("e", "unset");
        s.a.does("passTimed e 0", "false");
    }

    private static void twice(Stage s) {
        s.event("e", "auto");
        s.a.does("set e", "false");
        s.now("e", "set");
        s.b.does("set e", "true");
        s.b.does("pass e", "ok");
        s.now("e", "unset");
        Pending waiting = s.a.starts("pass e");
        s.b.does("set e", "false");
        waiting.ends("ok");
        s.b.does("passTimed e 0", "false");
    }

    private static void noTime(Stage s) {
        s.event("e", "auto", "set");
        s.event("f", "manual", "set");
        s.b.does("passTimed e -5", "true");
        s.now("e", "unset");
        s.b.does("passTimed e -5", "false");
        s.a.does("passTimed e 0", "false");
        s.b.does("passTimed f 0", "true");
        s.b.does("reset f", "true");
        s.now("f", "unset");
        s.a.does("passTimed f 0", "false");
    }

    private static void timed(Stage s) {
        s.event("e", "auto");
        s.event("f", "manual");
        s.b.does("passTimed e 5", "false");
        s.a.does("passTimed f 5", "false");
        Pending waiting = s.b.starts("passTimed f 1000000");
        s.a.does("set f", "false");
        waiting.ends("true");
        s.now("f", "set");
    }

    private static void pulseManual(Stage s) {
        s.event("e", "manual");
        s.a.does("pulse e", "false");
        s.b.does("passTimed e 0", "false");
        Pending first = s.a.starts("pass e");
        Pending second = s.b.starts("pass e");
        Pending third = s.b2.starts("passU e");
        s.a2.does("pulse e", "false");
        first.ends("ok");
        second.ends("ok");
        third.ends("ok");
        s.b.does("passTimed e 5", "false");
        Pending later = s.b.starts("pass e");
        s.b2.does("pulse e", "false");
        later.ends("ok");
    }

    private static void pulseAuto(Stage s) {
        s.event("e", "auto");
        s.a.does("pulse e", "false");
        s.b.does("passTimed e 0", "false");
        s.b.does("passTimed e 5", "false");
        Pending waiting = s.b.starts("pass e");
        s.a.does("pulse e", "false");
        waiting.ends("ok");
        s.a.does("passTimed e 0", "false");
        Pending here = s.a.starts("pass e");
        s.b.does("pulse e", "false");
        here.ends("ok");
        s.b.does("pulse e", "false");
        Pending later = s.a.starts("pass e");
        s.b.does("set e", "false");
        later.ends("ok");
        Pending one = s.b.starts("passU e");
        Pending two = s.a2.starts("pass e");
        s.b2.does("pulse e", "false");
        Pending gone = s.firstOf(one, two);
        gone.ends("ok");
        Pending left = gone == one ? two : one;
        left.goesOn();
        s.b2.does("pulse e", "false");
        left.ends("ok");
    }

    private static void pulseTakesBack(Stage s) {
        s.event("e", "auto", "set");
        s.event("f", "manual", "set");
        s.b.does("pulse e", "true");
        s.now("e", "unset");
        s.a.does("passTimed e 0", "false");
        s.a.does("pulse f", "true");
        s.now("f", "unset");
        s.b.does("passTimed f 0", "false");
    }

    private static void setAndReset(Stage s) {
        s.event("e", "manual");
        Pending here = s.a.starts("pass e");
        Pending there = s.b.starts("pass e");
        s.b2.does("set e", "false");
        here.ends("ok");
        there.ends("ok");
        s.now("e", "set");
        s.a.does("reset e", "true");
        s.now("e", "unset");
        here = s.a.starts("pass e");
        there = s.b.starts("pass e");
        s.b2.does("set e ; reset e", "false ; true");
        here.ends("ok");
        there.ends("ok");
    }

    private static void interruptedOnEntry(Stage s) {
        s.event("e", "auto", "set");
        s.b.does("interrupted pass e", "InterruptedException");
        s.b.does("interrupted passTimed e 5", "InterruptedException");
        s.b.does("interrupted passTimed e 0", "InterruptedException");
        s.b.does("interrupted passU e", "ok interrupted");
        s.now("e", "unset");
        s.b.does("interrupted set e", "false interrupted");
        s.now("e", "set");
    }

    private static void interrupted(Stage s) {
        s.event("e", "auto");
        Pending waiting = s.b.starts("pass e");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        waiting = s.b.starts("passTimed e 1000000");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        waiting = s.b.starts("passU e");
        waiting.interrupt();
        waiting.goesOn();
        s.a.does("pulse e", "false");
        waiting.ends("ok interrupted");
    }

    private static void closed(Stage s) {
        s.event("e", "manual");
        s.b.does("open event e as again", "opened");
        Pending through = s.b.starts("pass again");
        Pending other = s.b2.starts("passTimed e 1000000");
        Pending here = s.a2.starts("pass e");
        s.b3.does("close again", "ok");
        through.ends("ObjectClosedException");
        other.goesOn();
        s.a.does("set e", "false");
        other.ends("true");
        here.ends("ok");
        s.now("e", "set");
    }
}
