package io.hybridsync.conformance;

import static io.hybridsync.conformance.Scenario.ofSeveral;

import java.util.List;

/** One object is signaled, then another waited for. */
final class SignalAndAwaitScenarios {

    private SignalAndAwaitScenarios() {}

    static List<Scenario> all() {
        return List.of(
                ofSeveral("two parties hand over to each other", SignalAndAwaitScenarios::handOver),
                ofSeveral("a mutex is unlocked, an event waited for", SignalAndAwaitScenarios::mutex),
                ofSeveral("the signal stays done when the wait times out", SignalAndAwaitScenarios::timedOut),
                ofSeveral("what cannot be signaled: nothing has changed", SignalAndAwaitScenarios::cannotSignal),
                ofSeveral("what cannot be waited for: nothing has changed", SignalAndAwaitScenarios::cannotAwait),
                ofSeveral("one and the same object", SignalAndAwaitScenarios::same),
                ofSeveral("interrupted", SignalAndAwaitScenarios::interrupted),
                ofSeveral("closed while it waits", SignalAndAwaitScenarios::closed),
                ofSeveral("an abandoned mutex is taken over", SignalAndAwaitScenarios::abandoned));
    }

    private static void handOver(Stage s) {
        s.event("ping", "auto");
        s.event("pong", "auto");
        Pending there = s.b.starts("pass ping");
        Pending here = s.a.starts("signalAndAwait ever ping pong");
        there.ends("ok");
        there = s.b.starts("signalAndAwait 1000000 pong ping");
        here.ends("ACQUIRED 0");
        here = s.a.starts("signalAndAwait ever ping pong");
        there.ends("ACQUIRED 0");
        s.b.does("set pong", "false");
        here.ends("ACQUIRED 0");
    }

    private static void mutex(Stage s) {
        s.mutex("m");
        s.event("e", "manual");
        s.b.does("lock m ; lock m", "ok ; ok");
        s.now("m", "b x2");
        Pending waiting = s.b.starts("signalAndAwait ever m e");
        s.now("m", "b");
        s.a.does("set e", "false");
        waiting.ends("ACQUIRED 0");
        s.now("e", "set");
        Pending locking = s.a.starts("lock m");
        s.b.does("signalAndAwait ever m e", "ACQUIRED 0");
        locking.ends("ok");
        s.now("m", "a");
    }

    private static void timedOut(Stage s) {
        s.semaphore("s", 0, 2);
        s.event("e", "auto");
        s.b.does("signalAndAwait 0 s e", "TIMED_OUT -1");
        s.now("s", "1");
        s.a.does("signalAndAwait 5 s e", "TIMED_OUT -1");
        s.now("s", "2");
        s.a.does("signalAndAwait 5 e s", "ACQUIRED 0");
        s.now("s", "1");
        s.now("e", "set");
        s.b.does("signalAndAwait -5 e s", "ACQUIRED 0");
        s.now("s", "0");
    }

    private static void cannotSignal(Stage s) {
        s.semaphore("s", 1, 1);
        s.mutex("m");
        s.event("e", "auto", "set");
        s.b.does("open semaphore s query as asks ; open semaphore s as shut ; close shut", "opened ; opened ; ok");
        s.b.does("signalAndAwait ever s e", "PermitLimitException");
        s.b.does("signalAndAwait 0 s e", "PermitLimitException");
        s.b.does("signalAndAwait ever m e", "IllegalMonitorStateException");
        s.b.does("signalAndAwait ever asks e", "AccessDeniedException");
        s.b.does("signalAndAwait ever shut e", "ObjectClosedException");
        s.b.does("signalAndAwait ever foreign e", "IllegalArgumentException");
        s.a2.does("lock m", "ok");
        s.now("m", "a2");
        s.a.does("signalAndAwait ever m e", "IllegalMonitorStateException");
    }

    private static void cannotAwait(Stage s) {
        s.semaphore("s", 0, 1);
        s.mutex("m");
        s.event("e", "auto");
        s.b.does("open event e query as asks ; open event e as shut ; close shut", "opened ; opened ; ok");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        for (String signal : List.of("s", "m")) {
            s.b.does("signalAndAwait ever " + signal + " asks", "AccessDeniedException");
            s.b.does("signalAndAwait 0 " + signal + " shut", "ObjectClosedException");
            s.b.does("signalAndAwait ever " + signal + " foreign", "IllegalArgumentException");
        }
    }

    private static void same(Stage s) {
        s.semaphore("s", 0, 1);
        s.mutex("m");
        s.event("e", "auto");
        s.b.does("signalAndAwait ever s s", "ACQUIRED 0");
        s.b.does("signalAndAwait ever e e", "ACQUIRED 0");
        s.b.does("lock m ; lock m", "ok ; ok");
        s.now("m", "b x2");
        s.b.does("signalAndAwait ever m m", "ACQUIRED 0");
        s.b.does("unlock m", "ok");
        s.now("m", "b");
        s.b.does("signalAndAwait ever m m", "ACQUIRED 0");
    }

    private static void interrupted(Stage s) {
        s.semaphore("s", 0, 4);
        s.event("e", "auto", "set");
        s.b.does("interrupted signalAndAwait ever s e", "ACQUIRED 0 interrupted");
        s.now("s", "1");
        s.now("e", "unset");
        s.b.does("interrupted signalAndAwait ever s e", "InterruptedException");
        s.now("s", "2");
        Pending waiting = s.b.starts("signalAndAwait ever s e");
        s.now("s", "3");
        waiting.interrupt();
        waiting.ends("InterruptedException");
    }

    private static void closed(Stage s) {
        s.semaphore("s", 0, 4);
        s.event("e", "auto");
        s.b.does("open event e as again", "opened");
        Pending waiting = s.b.starts("signalAndAwait ever s again");
        s.now("s", "1");
        s.b2.does("close again", "ok");
        waiting.ends("ObjectClosedException");
    }

    private static void abandoned(Stage s) {
        s.semaphore("s", 0, 4);
        s.mutex("m");
        s.b2.does("lock m", "ok");
        s.now("m", "b2");
        Pending waiting = s.a.starts("signalAndAwait ever s m");
        s.now("s", "1");
        s.b2.ends();
        waiting.ends("ABANDONED 0");
        s.now("m", "a adopted");
        s.a.ends();
        s.eventually("m", "abandoned");
        s.b.does("signalAndAwait 0 s m", "ABANDONED 0");
        s.now("s", "2");
        s.now("m", "b adopted");
    }
}
