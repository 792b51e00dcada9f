package io.hybridsync.conformance;

import static io.hybridsync.conformance.Scenario.fair;

import java.util.List;

/** Fair objects: strictly in turn, over both parties. */
final class FairScenarios {

    private FairScenarios() {}

    static List<Scenario> all() {
        return List.of(
                fair("permits go to waiters in turn", FairScenarios::inTurn),
                fair("who waits for many holds up those behind", FairScenarios::headBlocks),
                fair("a timed acquire does not barge", FairScenarios::timedDoesNotBarge),
                fair("who gives up lets the next go", FairScenarios::givesUp),
                fair("a mutex goes from one to the next", FairScenarios::mutex),
                fair("a timed lock does not barge", FairScenarios::timedLock),
                fair("waits for several objects", FairScenarios::several));
    }

    private static void inTurn(Stage s) {
        s.semaphore("s", 0, 3);
        Pending first = s.b.starts("acquire s");
        Pending second = s.a2.starts("acquireU s");
        Pending third = s.b2.starts("timed s 1 1000000");
        s.a.does("release s 1", "0");
        first.ends("ok");
        second.goesOn();
        third.goesOn();
        s.b.does("release s 1", "0");
        second.ends("ok");
        third.goesOn();
        s.a.does("release s 1", "0");
        third.ends("true");
    }

    private static void headBlocks(Stage s) {
        s.semaphore("s", 0, 4);
        Pending many = s.b.starts("acquire s 3");
        Pending one = s.a2.starts("acquire s 1");
        s.a.does("release s 1", "0");
        s.now("s", "1");
        many.goesOn();
        one.goesOn();
        s.a.does("release s 1", "1");
        s.now("s", "2");
        one.goesOn();
        s.a.does("release s 2", "2");
        many.ends("ok");
        one.ends("ok");
        s.now("s", "0");
    }

    private static void timedDoesNotBarge(Stage s) {
        s.semaphore("s", 1, 4);
        Pending many = s.b.starts("acquire s 2");
        s.a.does("timed s 1 0", "false");
        s.a.does("timed s 1 5", "false");
        s.b2.does("timed s 1 0", "false");
        s.a.does("try s 1", "true");
        s.now("s", "0");
        s.a.does("release s 2", "0");
        many.ends("ok");
        s.now("s", "0");
        s.a.does("release s 1", "0");
        s.now("s", "1");
        s.a.does("timed s 1 0", "true");
        s.now("s", "0");
    }

    private static void givesUp(Stage s) {
        s.semaphore("s", 1, 4);
        s.b.does("open semaphore s as again", "opened");
        Pending interrupted = s.b.starts("acquire s 4");
        Pending closed = s.b2.starts("acquire again 3");
        Pending next = s.a2.starts("acquire s 1");
        interrupted.interrupt();
        interrupted.ends("InterruptedException");
        closed.goesOn();
        next.goesOn();
        s.b.does("close again", "ok");
        closed.ends("ObjectClosedException");
        next.ends("ok");
        s.now("s", "0");
        s.a2.does("release s 1", "0");
        s.now("s", "1");
        Pending behind = s.b.starts("acquire s 2");
        s.a2.does("timed s 1 5", "false");
        s.a.does("release s 1", "1");
        behind.ends("ok");
        s.now("s", "0");
    }

    private static void mutex(Stage s) {
        s.mutex("m");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        Pending first = s.b.starts("lock m");
        Pending second = s.a2.starts("lockI m");
        Pending third = s.b2.starts("lockTimed m 1000000");
        s.a.does("tryLock m", "true");
        s.now("m", "a x2");
        s.a.does("unlock m ; unlock m", "ok ; ok");
        first.ends("ok");
        s.now("m", "b");
        s.b.does("unlock m", "ok");
        second.ends("ok");
        s.now("m", "a2");
        s.a2.does("unlock m", "ok");
        third.ends("true");
        s.now("m", "b2");
    }

    private static void timedLock(Stage s) {
        s.mutex("m");
        s.b.does("lockTimed m 0", "true");
        s.now("m", "b");
        s.a.does("lockTimed m 0", "false");
        s.a.does("lockTimed m 5", "false");
        s.b.does("unlock m", "ok");
        s.now("m", "free");
        s.a.does("lockTimed m 0", "true");
        s.now("m", "a");
    }

    private static void several(Stage s) {
        s.semaphore("s", 0, 4);
        s.event("e", "auto");
        Pending all = s.b.starts("all ever s e");
        Pending any = s.a2.starts("any ever s e");
        Pending single = s.b2.starts("acquire s");
        s.a.does("release s 1", "0");
        any.ends("ACQUIRED 0");
        single.goesOn();
        s.a.does("set e", "false");
        s.now("e", "set");
        all.goesOn();
        s.a.does("release s 2", "0");
        single.ends("ok");
        all.ends("ACQUIRED 0");
        s.now("s", "0");
        s.now("e", "unset");
    }
}
