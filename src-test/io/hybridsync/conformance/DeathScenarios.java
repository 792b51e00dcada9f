package io.hybridsync.conformance;

import static io.hybridsync.conformance.DeathScenario.anywhere;
import static io.hybridsync.conformance.DeathScenario.fair;
import static io.hybridsync.conformance.DeathScenario.ofSeveral;

import java.util.List;

/** What is left of a party that ends: nobody hangs, nothing is lost, the next owner is told. */
final class DeathScenarios {

    private DeathScenarios() {}

    static List<DeathScenario> all() {
        return List.of(
                anywhere("its mutex is refused until recovered", DeathScenarios::owns, DeathScenarios::refused),
                anywhere("its mutex is adopted", DeathScenarios::ownsToAdopt, DeathScenarios::adopted),
                anywhere(
                        "who waits for its mutex is refused",
                        DeathScenarios::ownsAwaited,
                        DeathScenarios::waitersRefused),
                anywhere(
                        "who waits for its mutex adopts it",
                        DeathScenarios::ownsAwaitedToAdopt,
                        DeathScenarios::waiterAdopts),
                anywhere(
                        "who waits for its mutex is not in vain",
                        DeathScenarios::waits,
                        DeathScenarios::waitedInVain),
                ofSeveral(
                        "a wait for any takes its mutex over",
                        DeathScenarios::ownsOneOfAny,
                        DeathScenarios::anyAdopts),
                ofSeveral(
                        "a wait for all takes its mutexes over",
                        DeathScenarios::ownsSomeOfAll,
                        DeathScenarios::allAdopts),
                ofSeveral(
                        "its wait for all takes nothing",
                        DeathScenarios::waitsForAll,
                        DeathScenarios::takesNothing),
                anywhere(
                        "the signal that it got goes to the next",
                        DeathScenarios::wasSignaled,
                        DeathScenarios::nextSignaled),
                anywhere(
                        "it gets no signal any more",
                        DeathScenarios::awaitsSignal,
                        DeathScenarios::othersSignaled),
                anywhere("permits that it took stay taken", DeathScenarios::tookPermits, DeathScenarios::stayTaken),
                anywhere("permits that it leased come back", DeathScenarios::leased, DeathScenarios::leasesComeBack),
                anywhere(
                        "who waits for permits that it leased gets them",
                        DeathScenarios::leasedAwaited,
                        DeathScenarios::leasesAreTaken),
                ofSeveral(
                        "permits that its waits took come back",
                        DeathScenarios::leasedByWaits,
                        DeathScenarios::takenComeBack),
                anywhere("its wait takes no permit", DeathScenarios::awaitsPermit, DeathScenarios::takesNoPermit),
                anywhere(
                        "its wait takes no signal of an event",
                        DeathScenarios::awaitsEvent,
                        DeathScenarios::takesNoSignal),
                anywhere("names that it alone knew are free", DeathScenarios::names, DeathScenarios::namesFree),
                fair("it holds up nobody", DeathScenarios::isFirst, DeathScenarios::nextIsServed));
    }

    private static void owns(Stage s) {
        s.mutex("m");
        s.b.does("lock m ; lock m", "ok ; ok");
        s.now("m", "b x2");
    }

    private static void refused(Stage s) {
        s.secondIsGone();
        s.now("m", "abandoned");
        s.a.does("lock m", "AbandonedMutexException");
        s.a2.does("tryLock m", "AbandonedMutexException");
        s.a.does("lockTimed m 5", "AbandonedMutexException");
        s.a.does("recover m", "true");
        s.now("m", "a adopted");
        s.a2.does("recover m", "false");
        s.a.does("unlock m", "ok");
        s.now("m", "free");
        s.a2.does("lock m", "ok");
        s.now("m", "a2");
    }

    private static void ownsToAdopt(Stage s) {
        s.mutex("m", "adopt");
        s.b.does("lock m", "ok");
        s.now("m", "b");
    }

    private static void adopted(Stage s) {
        s.secondIsGone();
        s.now("m", "abandoned");
        s.a.does("lock m", "ok");
        s.now("m", "a adopted");
        s.a.does("unlock m", "ok");
        s.now("m", "free");
    }

    private static void ownsAwaited(Stage s) {
        owns(s);
        s.keep("here", s.a.starts("lock m"));
        s.keep("timed", s.a2.starts("lockTimed m 1000000"));
    }

    private static void waitersRefused(Stage s) {
        s.secondIsGone();
        s.kept("here").ends("AbandonedMutexException");
        s.kept("timed").ends("AbandonedMutexException");
        s.now("m", "abandoned");
        s.a.does("recover m", "true");
        s.now("m", "a adopted");
    }

    private static void ownsAwaitedToAdopt(Stage s) {
        ownsToAdopt(s);
        s.keep("here", s.a.starts("lock m"));
    }

    private static void waiterAdopts(Stage s) {
        s.secondIsGone();
        s.kept("here").ends("ok");
        s.now("m", "a adopted");
        s.a2.does("tryLock m", "false");
    }

    private static void waits(Stage s) {
        s.mutex("m");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.b.starts("lock m");
        s.keep("next", s.a2.starts("lock m"));
    }

    private static void waitedInVain(Stage s) {
        s.secondIsGone();
        s.kept("next").goesOn();
        s.a.does("unlock m", "ok");
        s.kept("next").ends("ok");
        s.now("m", "a2");
        s.a2.does("unlock m", "ok");
        s.now("m", "free");
    }

    private static void ownsOneOfAny(Stage s) {
        s.semaphore("s", 0, 2);
        s.mutex("m");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.keep("any", s.a.starts("any ever s m"));
    }

    private static void anyAdopts(Stage s) {
        s.secondIsGone();
        s.kept("any").ends("ABANDONED 1");
        s.now("m", "a adopted");
    }

    private static void ownsSomeOfAll(Stage s) {
        s.semaphore("s", 1, 2);
        s.mutex("m");
        s.mutex("n", "adopt");
        s.b.does("lock m ; lock n", "ok ; ok");
        s.now("m", "b");
        s.now("n", "b");
        s.keep("all", s.a.starts("all ever s n m"));
    }

    private static void allAdopts(Stage s) {
        s.secondIsGone();
        s.kept("all").ends("ABANDONED 1");
        s.now("m", "a adopted");
        s.now("n", "a adopted");
        s.now("s", "0");
    }

    private static void waitsForAll(Stage s) {
        s.semaphore("s", 1, 2);
        s.event("e", "auto");
        s.b.starts("all ever s e");
    }

    private static void takesNothing(Stage s) {
        s.secondIsGone();
        s.a.does("set e", "false");
        s.now("e", "set");
        s.a.does("all 0 s e", "ACQUIRED 0");
        s.now("s", "0");
        s.now("e", "unset");
    }

    private static void wasSignaled(Stage s) {
        s.mutex("m");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.starts("await m -");
        s.now("m", "free");
        s.a2.does("lock m", "ok");
        s.now("m", "a2");
        s.keep("next", s.a2.starts("await m -"));
        s.now("m", "free");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signal m -", "ok");
    }

    private static void nextSignaled(Stage s) {
        s.secondIsGone();
        s.kept("next").goesOn();
        s.a.does("unlock m", "ok");
        s.kept("next").ends("ok");
        s.now("m", "a2");
    }

    private static void awaitsSignal(Stage s) {
        s.mutex("m");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.starts("await m -");
        s.now("m", "free");
        s.a2.does("lock m", "ok");
        s.now("m", "a2");
        s.keep("next", s.a2.starts("await m -"));
        s.now("m", "free");
    }

    private static void othersSignaled(Stage s) {
        s.secondIsGone();
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("signal m - ; unlock m", "ok ; ok");
        s.kept("next").ends("ok");
        s.now("m", "a2");
    }

    private static void tookPermits(Stage s) {
        s.semaphore("s", 3, 3);
        s.b.does("acquire s 2", "ok");
        s.now("s", "1");
    }

    private static void stayTaken(Stage s) {
        s.secondIsGone();
        s.a.does("try s 2", "false");
        s.a.does("release s 2", "1");
        s.now("s", "3");
    }

    private static void leased(Stage s) {
        s.leased("s", 5, 9);
        s.b.does("acquire s 2", "ok");
        s.now("s", "3");
        s.b2.does("acquire s 2 ; release s 1", "ok ; 1");
        s.now("s", "2");
        s.b.does("release s 1", "2");
        s.now("s", "3");
        s.a.does("acquire s 1", "ok");
        s.now("s", "2");
    }

    private static void leasesComeBack(Stage s) {
        s.secondIsGone();
        s.now("s", "4");
        s.a.does("release s 2", "IllegalStateException");
        s.a.does("release s 1", "4");
        s.now("s", "5");
    }

    private static void leasedAwaited(Stage s) {
        s.leased("s", 2, 2);
        s.b.does("acquire s 2", "ok");
        s.now("s", "0");
        s.keep("here", s.a.starts("acquire s 1"));
        s.keep("too", s.a2.starts("acquire s 1"));
    }

    private static void leasesAreTaken(Stage s) {
        s.secondIsGone();
        s.kept("here").ends("ok");
        s.kept("too").ends("ok");
        s.a.does("release s 2", "0");
        s.now("s", "2");
    }

    private static void leasedByWaits(Stage s) {
        s.leased("s", 3, 3);
        s.leased("t", 3, 3);
        s.b.does("all ever s t", "ACQUIRED 0");
        s.now("s", "2");
        s.now("t", "2");
        s.b.does("any ever s t", "ACQUIRED 0");
        s.now("s", "1");
        s.b2.does("release t 1", "2");
        s.now("t", "3");
    }

    private static void takenComeBack(Stage s) {
        s.secondIsGone();
        s.now("s", "3");
        s.a.does("all ever s t", "ACQUIRED 0");
        s.now("s", "2");
        s.now("t", "2");
        s.a2.does("release s 1 ; release t 1", "2 ; 2");
        s.now("s", "3");
        s.now("t", "3");
    }

    private static void awaitsPermit(Stage s) {
        s.semaphore("s", 0, 3);
        s.b.starts("acquire s 1");
        s.b2.starts("acquireU s 3");
        s.keep("here", s.a2.starts("acquire s 1"));
    }

    private static void takesNoPermit(Stage s) {
        s.secondIsGone();
        s.kept("here").goesOn();
        s.a.does("release s 3", "0");
        s.kept("here").ends("ok");
        s.now("s", "2");
    }

    private static void awaitsEvent(Stage s) {
        s.event("e", "auto");
        s.event("f", "manual", "set");
        s.b.starts("pass e");
        s.b2.starts("any ever e");
    }

    private static void takesNoSignal(Stage s) {
        s.secondIsGone();
        s.a.does("set e", "false");
        s.now("e", "set");
        s.a.does("pass f", "ok");
        s.a.does("pass e", "ok");
        s.now("e", "unset");
    }

    private static void names(Stage s) {
        s.semaphore("s", 1, 2);
        s.b.does("new mutex own %s locked".formatted(s.place()), "created");
        s.b.does("open semaphore s as again", "opened");
    }

    private static void namesFree(Stage s) {
        s.secondIsGone();
        s.a.does("open mutex own", "NoSuchObjectException");
        s.a.does("new event own %s manual".formatted(s.place()), "created");
        s.a.does("close s", "ok");
        s.a.does("open semaphore s", "NoSuchObjectException");
    }

    private static void isFirst(Stage s) {
        s.semaphore("s", 1, 4);
        s.mutex("m");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.b.starts("acquire s 4");
        s.b2.starts("lock m");
        s.keep("permit", s.a2.starts("acquire s 1"));
        s.keep("lock", s.a3.starts("lock m"));
    }

    private static void nextIsServed(Stage s) {
        s.secondIsGone();
        s.kept("permit").ends("ok");
        s.now("s", "0");
        s.kept("lock").goesOn();
        s.a.does("unlock m", "ok");
        s.kept("lock").ends("ok");
        s.now("m", "a3");
    }
}
