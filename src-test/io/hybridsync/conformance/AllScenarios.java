package io.hybridsync.conformance;

import static io.hybridsync.conformance.Scenario.ofSeveral;

import java.util.List;

/** Waits for all of several objects. */
final class AllScenarios {

    private AllScenarios() {}

    static List<Scenario> all() {
        return List.of(
                ofSeveral("all are taken at once", AllScenarios::atOnce),
                ofSeveral("nothing is reserved while it waits", AllScenarios::nothingReserved),
                ofSeveral("the last that is missing ends the wait", AllScenarios::lastMissing),
                ofSeveral("one object alone", AllScenarios::single),
                ofSeveral("the same object twice is refused", AllScenarios::twice),
                ofSeveral("an empty list", AllScenarios::empty),
                ofSeveral("no time: one try", AllScenarios::noTime),
                ofSeveral("the objects come before the alert", AllScenarios::objectsFirst),
                ofSeveral("the alert ends the wait", AllScenarios::alerted),
                ofSeveral("the alert is among the objects", AllScenarios::alertAmongObjects),
                ofSeveral("mutexes that the thread owns are there", AllScenarios::owned),
                ofSeveral("abandoned mutexes are taken over", AllScenarios::abandoned),
                ofSeveral("a mutex is abandoned while it waits", AllScenarios::abandonedMeanwhile),
                ofSeveral("interrupted on entry", AllScenarios::interruptedOnEntry),
                ofSeveral("interrupted while it waits", AllScenarios::interrupted),
                ofSeveral("closed while it waits", AllScenarios::closed),
                ofSeveral("a pulse counts only if the rest is there", AllScenarios::pulse),
                ofSeveral("a pulse of the alert ends the wait", AllScenarios::pulsedAlert),
                ofSeveral("crossing waits", AllScenarios::crossing),
                ofSeveral("a signal that was taken back", AllScenarios::takenBack));
    }

    private static void atOnce(Stage s) {
        s.semaphore("s", 2, 2);
        s.mutex("m");
        s.event("e", "auto", "set");
        s.event("f", "manual", "set");
        s.b.does("all ever s m e f", "ACQUIRED 0");
        s.now("s", "1");
        s.now("m", "b");
        s.now("e", "unset");
        s.a.does("all 0 s m", "TIMED_OUT -1");
        s.a.does("all 0 f s", "ACQUIRED 0");
        s.now("s", "0");
    }

    private static void nothingReserved(Stage s) {
        s.semaphore("s", 1, 2);
        s.mutex("m");
        s.event("e", "auto");
        Pending waiting = s.b.starts("all ever s m e");
        s.a.does("acquire s", "ok");
        s.now("s", "0");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("set e", "false");
        s.now("e", "set");
        s.a2.does("pass e", "ok");
        s.now("e", "unset");
        s.a.does("release s 2", "0");
        s.now("s", "2");
        s.a.does("unlock m", "ok");
        s.now("m", "free");
        waiting.goesOn();
        s.a2.does("set e", "false");
        waiting.ends("ACQUIRED 0");
        s.now("s", "1");
        s.now("m", "b");
    }

    private static void lastMissing(Stage s) {
        s.semaphore("s", 0, 2);
        s.mutex("m");
        s.event("e", "auto");
        s.event("f", "manual");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        Pending waiting = s.b.starts("all 1000000 f e m s");
        s.a.does("release s 1", "0");
        s.now("s", "1");
        s.a.does("set f", "false");
        s.now("f", "set");
        s.a.does("set e", "false");
        s.now("e", "set");
        waiting.goesOn();
        s.a.does("unlock m", "ok");
        waiting.ends("ACQUIRED 0");
        s.now("s", "0");
        s.now("m", "b");
        s.now("e", "unset");
    }

    private static void single(Stage s) {
        s.semaphore("s", 1, 2);
        s.b.does("all ever s", "ACQUIRED 0");
        s.now("s", "0");
        Pending waiting = s.b.starts("all ever s");
        s.a.does("release s 1", "0");
        waiting.ends("ACQUIRED 0");
    }

    private static void twice(Stage s) {
        s.semaphore("s", 2, 2);
        s.mutex("m");
        s.event("e", "manual", "set");
        s.b.does("open semaphore s as again", "opened");
        for (String list : List.of("s s", "s m s", "s again", "m m", "e s e")) {
            s.b.does("all ever " + list, "IllegalArgumentException");
            s.b.does("all 0 " + list, "IllegalArgumentException");
        }
    }

    private static void empty(Stage s) {
        s.event("stop", "auto");
        s.b.does("all ever", "IllegalArgumentException");
        s.b.does("all 0 alert stop", "TIMED_OUT -1");
        Pending waiting = s.b.starts("all ever alert stop");
        s.a.does("set stop", "false");
        waiting.ends("ALERTED -1");
    }

    private static void noTime(Stage s) {
        s.semaphore("s", 1, 2);
        s.event("e", "auto");
        for (String time : List.of("0", "-5", "5")) {
            s.b.does("all " + time + " s e", "TIMED_OUT -1");
            s.a.does("all " + time + " e s", "TIMED_OUT -1");
        }
        s.a.does("set e", "false");
        s.now("e", "set");
        s.b.does("all -5 s e", "ACQUIRED 0");
        s.now("s", "0");
        s.now("e", "unset");
    }

    private static void objectsFirst(Stage s) {
        s.semaphore("s", 1, 2);
        s.event("e", "auto", "set");
        s.event("stop", "auto", "set");
        s.b.does("all ever alert stop s e", "ACQUIRED 0");
        s.now("s", "0");
        s.now("e", "unset");
        s.b.does("all ever alert stop s e", "ALERTED -1");
        s.now("stop", "unset");
        s.b.does("all 0 alert stop s e", "TIMED_OUT -1");
    }

    private static void alerted(Stage s) {
        s.semaphore("s", 1, 2);
        s.event("e", "auto");
        s.event("stop", "auto");
        s.event("halt", "manual");
        Pending waiting = s.b.starts("all ever alert stop s e");
        s.a.does("set stop", "false");
        waiting.ends("ALERTED -1");
        waiting = s.b.starts("all ever alert halt s e");
        s.a.does("set halt", "false");
        waiting.ends("ALERTED -1");
        s.now("halt", "set");
        s.b.does("all 0 alert halt s e", "ALERTED -1");
    }

    private static void alertAmongObjects(Stage s) {
        s.semaphore("s", 0, 2);
        s.event("stop", "auto");
        Pending waiting = s.b.starts("all ever alert stop s stop");
        s.a.does("set stop", "false");
        waiting.ends("ALERTED -1");
        s.a.does("release s 1", "0");
        s.now("s", "1");
        waiting = s.b.starts("all ever alert stop s stop");
        s.a.does("set stop", "false");
        waiting.ends("ACQUIRED 0");
        s.now("s", "0");
    }

    private static void owned(Stage s) {
        s.mutex("m");
        s.mutex("n");
        s.semaphore("s", 0, 2);
        s.b.does("all ever m n", "ACQUIRED 0");
        s.now("m", "b");
        s.now("n", "b");
        s.b.does("all ever n m", "ACQUIRED 0");
        s.now("m", "b x2");
        s.now("n", "b x2");
        s.b.does("all 0 m s", "TIMED_OUT -1");
        s.b.does("unlock n ; unlock n", "ok ; ok");
        s.now("n", "free");
        s.a.does("all 0 n m", "TIMED_OUT -1");
        s.a.does("release s 1", "0");
        s.now("s", "1");
        s.b.does("all 0 n s m", "ACQUIRED 0");
        s.now("s", "0");
        s.now("n", "b");
        s.now("m", "b x3");
        Pending waiting = s.a.starts("all ever n m");
        s.b.does("unlock n", "ok");
        s.now("n", "free");
        waiting.goesOn();
        s.b.does("unlock m ; unlock m ; unlock m", "ok ; ok ; ok");
        waiting.ends("ACQUIRED 0");
        s.now("m", "a");
        s.now("n", "a");
    }

    private static void abandoned(Stage s) {
        s.semaphore("s", 0, 2);
        s.mutex("m");
        s.mutex("n", "adopt");
        s.b2.does("lock m ; lock n", "ok ; ok");
        s.now("m", "b2");
        s.now("n", "b2");
        s.b2.ends();
        s.now("n", "abandoned");
        s.eventually("m", "abandoned");
        s.a.does("all 0 m s n", "TIMED_OUT -1");
        s.b.does("release s 1", "0");
        s.now("s", "1");
        s.a.does("all ever s n m", "ABANDONED 1");
        s.now("s", "0");
        s.now("n", "a adopted");
        s.now("m", "a adopted");
        s.a.does("all 0 m n", "ACQUIRED 0");
        s.now("n", "a x2 adopted");
        s.now("m", "a x2 adopted");
    }

    private static void abandonedMeanwhile(Stage s) {
        s.semaphore("s", 1, 2);
        s.mutex("m");
        s.b2.does("lock m", "ok");
        s.now("m", "b2");
        Pending waiting = s.a.starts("all ever s m");
        s.b2.ends();
        waiting.ends("ABANDONED 1");
        s.now("m", "a adopted");
        s.now("s", "0");
    }

    private static void interruptedOnEntry(Stage s) {
        s.semaphore("s", 1, 2);
        s.event("e", "auto", "set");
        s.b.does("interrupted all ever s e", "ACQUIRED 0 interrupted");
        s.now("s", "0");
        s.now("e", "unset");
        s.b.does("interrupted all ever s e", "InterruptedException");
        s.b.does("interrupted all 1000000 s e", "InterruptedException");
    }

    private static void interrupted(Stage s) {
        s.semaphore("s", 1, 2);
        s.event("e", "auto");
        Pending waiting = s.b.starts("all ever s e");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        waiting = s.b.starts("all 1000000 e s");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        s.a.does("set e", "false");
        s.now("e", "set");
    }

    private static void closed(Stage s) {
        s.semaphore("s", 1, 2);
        s.event("e", "manual");
        s.b.does("open event e as again", "opened");
        Pending waiting = s.b.starts("all ever s again");
        Pending other = s.b2.starts("all ever s e");
        s.b3.does("close again", "ok");
        waiting.ends("ObjectClosedException");
        other.goesOn();
        s.a.does("set e", "false");
        other.ends("ACQUIRED 0");
        s.now("e", "set");
        s.now("s", "0");
    }

    private static void pulse(Stage s) {
        for (String kind : List.of("auto", "manual")) {
            String semaphore = "s-" + kind;
            String event = "e-" + kind;
            s.semaphore(semaphore, 0, 2);
            s.event(event, kind);
            Pending waiting = s.b.starts("all ever %s %s".formatted(semaphore, event));
            s.a.does("pulse " + event, "false");
            waiting.goesOn();
            s.a.does("release " + semaphore + " 1", "0");
            s.now(semaphore, "1");
            waiting.goesOn();
            s.a.does("pulse " + event, "false");
            waiting.ends("ACQUIRED 0");
            s.now(semaphore, "0");
        }
    }

    private static void pulsedAlert(Stage s) {
        s.semaphore("s", 0, 2);
        s.event("e", "auto", "set");
        s.event("stop", "auto");
        Pending waiting = s.b.starts("all ever alert stop e s");
        s.a.does("pulse stop", "false");
        waiting.ends("ALERTED -1");
        s.b.does("all 5 alert stop e s", "TIMED_OUT -1");
    }

    private static void crossing(Stage s) {
        s.mutex("m");
        s.mutex("n");
        s.a.does("lock m ; lock n", "ok ; ok");
        s.now("m", "a");
        s.now("n", "a");
        Pending one = s.b.starts("all ever m n");
        Pending two = s.a2.starts("all ever n m");
        s.a.does("unlock m", "ok");
        s.now("m", "free");
        one.goesOn();
        two.goesOn();
        s.a.does("unlock n", "ok");
        Pending first = s.firstOf(one, two);
        first.ends("ACQUIRED 0");
        Role owner = first == one ? s.b : s.a2;
        s.now("m", owner.name());
        s.now("n", owner.name());
        owner.does("unlock n ; unlock m", "ok ; ok");
        (first == one ? two : one).ends("ACQUIRED 0");
        String next = first == one ? "a2" : "b";
        s.now("m", next);
        s.now("n", next);
    }

    private static void takenBack(Stage s) {
        s.event("e", "manual");
        s.event("f", "manual");
        Pending waiting = s.b.starts("all ever e f");
        s.a.does("set e", "false");
        s.now("e", "set");
        s.a.does("reset e", "true");
        s.now("e", "unset");
        s.a.does("set f", "false");
        s.now("f", "set");
        waiting.goesOn();
        s.a.does("set e", "false");
        waiting.ends("ACQUIRED 0");
        s.now("e", "set");
    }
}
