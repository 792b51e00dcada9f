package io.hybridsync.conformance;

import static io.hybridsync.conformance.Scenario.ofSeveral;

import java.util.List;

/** Waits for any of several objects. */
final class AnyScenarios {

    private AnyScenarios() {}

    static List<Scenario> all() {
        return List.of(
                ofSeveral("the first in the list that is there is taken, and nothing else", AnyScenarios::lowest),
                ofSeveral("whichever is signaled ends the wait", AnyScenarios::signaled),
                ofSeveral("named twice, taken once", AnyScenarios::twice),
                ofSeveral("an empty list", AnyScenarios::empty),
                ofSeveral("the objects come before the alert", AnyScenarios::objectsFirst),
                ofSeveral("the alert ends the wait", AnyScenarios::alerted),
                ofSeveral("the alert is among the objects", AnyScenarios::alertAmongObjects),
                ofSeveral("no time: one try", AnyScenarios::noTime),
                ofSeveral("a mutex that the thread owns is there", AnyScenarios::owned),
                ofSeveral("an abandoned mutex is taken over", AnyScenarios::abandoned),
                ofSeveral("a mutex is abandoned while it waits", AnyScenarios::abandonedMeanwhile),
                ofSeveral("interrupted on entry", AnyScenarios::interruptedOnEntry),
                ofSeveral("interrupted while it waits", AnyScenarios::interrupted),
                ofSeveral("what cannot be waited for", AnyScenarios::refused),
                ofSeveral("closed while it waits", AnyScenarios::closed),
                ofSeveral("a pulse ends the wait of those who wait", AnyScenarios::pulse),
                ofSeveral("a pulse of the alert ends the wait", AnyScenarios::pulsedAlert),
                ofSeveral("what it does not take is left to others", AnyScenarios::leavesTheRest));
    }

    private static void mixedKinds(Stage s) {
        s.semaphore("s", 0, 2);
        s.mutex("m");
        s.event("e", "auto");
        s.event("f", "manual");
    }

    private static void lowest(Stage s) {
        mixedKinds(s);
        s.a.does("release s 2 ; set e ; set f", "0 ; false ; false");
        s.now("s", "2");
        s.now("e", "set");
        s.now("f", "set");
        s.b.does("any ever s m e f", "ACQUIRED 0");
        s.now("s", "1");
        s.b.does("any 0 m s e f", "ACQUIRED 0");
        s.now("m", "b");
        s.a.does("any 1000000 m e s", "ACQUIRED 1");
        s.now("e", "unset");
        s.a.does("any ever m e s", "ACQUIRED 2");
        s.now("s", "0");
        s.a.does("any ever m e s f", "ACQUIRED 3");
        s.b.does("any ever e s f m", "ACQUIRED 2");
        s.b.does("unlock m", "ok");
        s.now("m", "free");
        s.a.does("any ever e m", "ACQUIRED 1");
        s.now("m", "a");
    }

    private static void signaled(Stage s) {
        mixedKinds(s);
        s.a2.does("lock m", "ok");
        s.now("m", "a2");
        Pending waiting = s.b.starts("any ever s m e f");
        s.a.does("release s 2", "0");
        waiting.ends("ACQUIRED 0");
        s.now("s", "1");
        s.a.does("acquire s", "ok");
        s.now("s", "0");
        waiting = s.b.starts("any 1000000 s m e f");
        s.a2.does("unlock m", "ok");
        waiting.ends("ACQUIRED 1");
        s.now("m", "b");
        waiting = s.a.starts("any ever s m e f");
        s.b.does("set e", "false");
        waiting.ends("ACQUIRED 2");
        waiting = s.a.starts("any ever s m e f");
        s.b.does("set f", "false");
        waiting.ends("ACQUIRED 3");
        s.now("f", "set");
    }

    private static void twice(Stage s) {
        s.semaphore("s", 0, 3);
        s.event("e", "auto");
        s.b.does("open semaphore s as again", "opened");
        Pending waiting = s.b.starts("any ever e s again s e");
        s.a.does("release s 3", "0");
        waiting.ends("ACQUIRED 1");
        s.now("s", "2");
        s.b.does("any 0 again e s", "ACQUIRED 0");
        s.now("s", "1");
        waiting = s.a.starts("any ever e e");
        s.b.does("set e", "false");
        waiting.ends("ACQUIRED 0");
    }

    private static void empty(Stage s) {
        s.event("stop", "auto");
        s.b.does("any ever", "IllegalArgumentException");
        s.b.does("any 0", "IllegalArgumentException");
        s.b.does("any 0 alert stop", "TIMED_OUT -1");
        s.b.does("any 5 alert stop", "TIMED_OUT -1");
        Pending waiting = s.b.starts("any ever alert stop");
        s.a.does("set stop", "false");
        waiting.ends("ALERTED -1");
        s.a.does("set stop", "false");
        s.now("stop", "set");
        s.b.does("any ever alert stop", "ALERTED -1");
        s.now("stop", "unset");
    }

    private static void objectsFirst(Stage s) {
        s.semaphore("s", 1, 2);
        s.event("stop", "auto", "set");
        s.event("halt", "manual", "set");
        s.b.does("any ever alert stop s", "ACQUIRED 0");
        s.now("s", "0");
        s.b.does("any ever alert stop s", "ALERTED -1");
        s.now("stop", "unset");
        s.b.does("any 0 alert stop s", "TIMED_OUT -1");
        s.b.does("any 0 alert halt s", "ALERTED -1");
        s.a.does("release s 1", "0");
        s.now("s", "1");
        s.b.does("any ever alert halt s", "ACQUIRED 0");
        s.now("s", "0");
    }

    private static void alerted(Stage s) {
        mixedKinds(s);
        s.event("stop", "auto");
        s.event("halt", "manual");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        Pending waiting = s.b.starts("any ever alert stop s m e f");
        s.a.does("set stop", "false");
        waiting.ends("ALERTED -1");
        waiting = s.b.starts("any 1000000 alert halt s m e f");
        s.a.does("set halt", "false");
        waiting.ends("ALERTED -1");
        s.now("halt", "set");
        s.b.does("any 5 alert stop s e", "TIMED_OUT -1");
        waiting = s.b.starts("any ever alert stop s m e f");
        s.a.does("set f", "false");
        waiting.ends("ACQUIRED 3");
        s.now("f", "set");
    }

    private static void alertAmongObjects(Stage s) {
        s.semaphore("s", 0, 2);
        s.event("stop", "auto");
        Pending waiting = s.b.starts("any ever alert stop s stop");
        s.a.does("set stop", "false");
        waiting.ends("ACQUIRED 1");
        s.b.does("set stop", "false");
        s.now("stop", "set");
        s.b.does("any 0 alert stop stop", "ACQUIRED 0");
        s.now("stop", "unset");
        s.b.does("any 0 alert stop stop", "TIMED_OUT -1");
    }

    private static void noTime(Stage s) {
        mixedKinds(s);
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.b.does("any 0 s m e f", "TIMED_OUT -1");
        s.b.does("any -5 s m e f", "TIMED_OUT -1");
        s.b.does("any 5 s m e f", "TIMED_OUT -1");
        s.b.does("any 0 m", "TIMED_OUT -1");
        s.a.does("set e", "false");
        s.now("e", "set");
        s.b.does("any -5 s m e f", "ACQUIRED 2");
        s.now("e", "unset");
    }

    private static void owned(Stage s) {
        s.semaphore("s", 0, 2);
        s.mutex("m");
        s.b.does("any ever s m", "ACQUIRED 1");
        s.now("m", "b");
        s.b.does("any ever s m", "ACQUIRED 1");
        s.now("m", "b x2");
        s.b.does("any 0 m m", "ACQUIRED 0");
        s.now("m", "b x3");
        s.b2.does("any 0 s m", "TIMED_OUT -1");
        s.a.does("release s 1", "0");
        s.now("s", "1");
        s.b.does("any 0 s m", "ACQUIRED 0");
        s.now("s", "0");
        s.b.does("unlock m ; unlock m ; unlock m", "ok ; ok ; ok");
        s.now("m", "free");
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
        s.b.does("any ever s m n", "ABANDONED 1");
        s.now("m", "b adopted");
        s.a.does("any 0 s m n", "ABANDONED 2");
        s.now("n", "a adopted");
        s.b.does("any 0 s m", "ACQUIRED 1");
        s.now("m", "b x2 adopted");
        s.b.does("unlock m ; unlock m", "ok ; ok");
        s.now("m", "free");
        s.a.does("any 0 m", "ACQUIRED 0");
        s.now("m", "a");
    }

    private static void abandonedMeanwhile(Stage s) {
        s.semaphore("s", 0, 2);
        s.mutex("m");
        s.b2.does("lock m", "ok");
        s.now("m", "b2");
        Pending waiting = s.a.starts("any ever s m");
        s.b2.ends();
        waiting.ends("ABANDONED 1");
        s.now("m", "a adopted");
        s.b.does("tryLock m", "false");
    }

    private static void interruptedOnEntry(Stage s) {
        s.semaphore("s", 1, 2);
        s.event("stop", "auto", "set");
        s.b.does("interrupted any ever s", "ACQUIRED 0 interrupted");
        s.now("s", "0");
        s.b.does("interrupted any ever alert stop s", "ALERTED -1 interrupted");
        s.now("stop", "unset");
        s.b.does("interrupted any ever alert stop s", "InterruptedException");
        s.b.does("interrupted any 1000000 s", "InterruptedException");
    }

    private static void interrupted(Stage s) {
        s.semaphore("s", 0, 2);
        s.event("e", "auto");
        Pending waiting = s.b.starts("any ever s e");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        waiting = s.b.starts("any 1000000 s e");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        s.a.does("set e", "false");
        s.now("e", "set");
    }

    private static void refused(Stage s) {
        mixedKinds(s);
        s.a.does("release s 1 ; set e ; set f", "0 ; false ; false");
        s.now("s", "1");
        s.now("e", "set");
        s.now("f", "set");
        s.b.does("open semaphore s as shut", "opened");
        s.b.does("close shut", "ok");
        s.b.does("open semaphore s query as asks", "opened");
        s.b.does("open event e query as asksToo", "opened");
        for (String verb : List.of("any", "all")) {
            s.b.does(verb + " ever s m e shut", "ObjectClosedException");
            s.b.does(verb + " ever s m asksToo", "AccessDeniedException");
            s.b.does(verb + " ever alert asksToo s", "AccessDeniedException");
            s.b.does(verb + " 0 m asks", "AccessDeniedException");
            s.b.does(verb + " ever m foreign", "IllegalArgumentException");
            s.b.does(verb + " ever alert foreignEvent m", "IllegalArgumentException");
        }
    }

    private static void closed(Stage s) {
        s.semaphore("s", 0, 2);
        s.event("e", "manual");
        s.event("stop", "manual");
        s.b.does("open event e as again ; open event stop as alarm", "opened ; opened");
        Pending waiting = s.b.starts("any ever s again");
        Pending guarded = s.b2.starts("any ever alert alarm s e");
        Pending other = s.a2.starts("any ever e s");
        s.b3.does("close again", "ok");
        waiting.ends("ObjectClosedException");
        guarded.goesOn();
        s.b3.does("close alarm", "ok");
        guarded.ends("ObjectClosedException");
        other.goesOn();
        s.b.does("set e", "false");
        other.ends("ACQUIRED 0");
        s.now("e", "set");
    }

    private static void pulse(Stage s) {
        mixedKinds(s);
        Pending waiting = s.b.starts("any ever s e f");
        s.a.does("pulse e", "false");
        waiting.ends("ACQUIRED 1");
        waiting = s.b.starts("any ever s e f");
        s.a.does("pulse f", "false");
        waiting.ends("ACQUIRED 2");
        s.b.does("any 0 s e f", "TIMED_OUT -1");
        s.b.does("any 5 f e", "TIMED_OUT -1");
    }

    private static void pulsedAlert(Stage s) {
        s.semaphore("s", 0, 2);
        s.event("stop", "auto");
        s.event("halt", "manual");
        for (String alert : List.of("stop", "halt")) {
            Pending waiting = s.b.starts("any ever alert %s s".formatted(alert));
            s.a.does("pulse " + alert, "false");
            waiting.ends("ALERTED -1");
            s.b.does("any 5 alert %s s".formatted(alert), "TIMED_OUT -1");
        }
    }

    private static void leavesTheRest(Stage s) {
        s.semaphore("s", 0, 2);
        s.semaphore("t", 0, 2);
        Pending either = s.b.starts("any ever s t");
        Pending only = s.a2.starts("acquire t");
        s.a.does("release s 1", "0");
        either.ends("ACQUIRED 0");
        only.goesOn();
        either = s.b.starts("any ever s t");
        s.a.does("release t 2", "0");
        either.ends("ACQUIRED 1");
        only.ends("ok");
        s.now("t", "0");
    }
}
