package io.hybridsync.conformance;

import static io.hybridsync.conformance.Scenario.alsoFair;

import java.util.List;

/** Mutexes: owned by a thread, more than once, by the next. */
final class MutexScenarios {

    private static final List<String> LOCKING =
            List.of("lock %s", "lockI %s", "tryLock %s", "lockTimed %s 0", "lockTimed %s 5");

    private MutexScenarios() {}

    static List<Scenario> all() {
        return List.of(
                alsoFair("a thread locks as often as it unlocks", MutexScenarios::recursive),
                alsoFair("nobody but the owner unlocks", MutexScenarios::wrongOwner),
                alsoFair("a waiter goes on at the last unlock", MutexScenarios::waits),
                alsoFair("a timed lock ends with its time, or by an unlock", MutexScenarios::timed),
                alsoFair("interrupted on entry", MutexScenarios::interruptedOnEntry),
                alsoFair("interrupted while it waits", MutexScenarios::interrupted),
                alsoFair("created locked, if created", MutexScenarios::createdLocked),
                alsoFair("nothing to recover", MutexScenarios::nothingToRecover),
                alsoFair("handles of a party share the ownership", MutexScenarios::shareOwnership),
                alsoFair("the last handle of an owner is closed", MutexScenarios::closedByOwner),
                alsoFair("closing ends waits through that handle only", MutexScenarios::closedWhileWaiting),
                alsoFair("the owner's thread ends: refused until recovered", MutexScenarios::refused),
                alsoFair("the owner's thread ends: adopted", MutexScenarios::adopted),
                alsoFair("the owner's thread ends while others wait: refused", MutexScenarios::waitersAreRefused),
                alsoFair("the owner's thread ends while others wait: adopted", MutexScenarios::waiterAdopts),
                alsoFair("abandoned again and again", MutexScenarios::again));
    }

    private static void recursive(Stage s) {
        s.mutex("m");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("tryLock m", "true");
        s.now("m", "b x2");
        s.b.does("lockTimed m 0", "true");
        s.now("m", "b x3");
        s.b.does("unlock m", "ok");
        s.now("m", "b x2");
        s.b.does("lockI m", "ok");
        s.now("m", "b x3");
        s.b.does("interrupted lock m", "ok interrupted");
        s.now("m", "b x4");
        s.b.does("unlock m ; unlock m ; unlock m", "ok ; ok ; ok");
        s.now("m", "b");
        s.b.does("unlock m", "ok");
        s.now("m", "free");
        s.b.does("unlock m", "IllegalMonitorStateException");
        s.a.does("lockI m", "ok");
        s.now("m", "a");
        s.a.does("unlock m", "ok");
        s.now("m", "free");
    }

    private static void wrongOwner(Stage s) {
        s.mutex("m");
        s.a.does("unlock m", "IllegalMonitorStateException");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        for (Role other : List.of(s.a2, s.b)) {
            other.does("unlock m", "IllegalMonitorStateException");
            other.does("tryLock m", "false");
            other.does("lockTimed m 0", "false");
            other.does("lockTimed m -7", "false");
            other.does("holds m", "0");
            other.does("isMine m", "false");
            other.does("isLocked m", "true");
        }
        s.a.does("unlock m", "ok");
        s.now("m", "free");
    }

    private static void waits(Stage s) {
        s.mutex("m");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("lock m", "ok");
        s.now("m", "a x2");
        Pending there = s.b.starts("lock m");
        s.a.does("unlock m", "ok");
        s.now("m", "a");
        there.goesOn();
        s.a.does("unlock m", "ok");
        there.ends("ok");
        s.now("m", "b");
        Pending neighbour = s.b2.starts("lockI m");
        s.b.does("unlock m", "ok");
        neighbour.ends("ok");
        s.now("m", "b2");
        Pending here = s.a.starts("lockTimed m 1000000");
        s.b2.does("unlock m", "ok");
        here.ends("true");
        s.now("m", "a");
        s.a.does("unlock m", "ok");
        s.now("m", "free");
    }

    private static void timed(Stage s) {
        s.mutex("m");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.b.does("lockTimed m 5", "false");
        s.a2.does("lockTimed m 5", "false");
        s.a.does("lockTimed m 5", "true");
        s.now("m", "a x2");
    }

    private static void interruptedOnEntry(Stage s) {
        s.mutex("m");
        s.b.does("interrupted lockI m", "InterruptedException");
        s.b.does("interrupted lockTimed m 5", "InterruptedException");
        s.b.does("interrupted lockTimed m 0", "InterruptedException");
        s.b.does("interrupted tryLock m", "true interrupted");
        s.now("m", "b");
        s.b.does("interrupted lockI m", "InterruptedException");
        s.b.does("interrupted unlock m", "ok interrupted");
        s.now("m", "free");
        s.b.does("interrupted lock m", "ok interrupted");
        s.now("m", "b");
    }

    private static void interrupted(Stage s) {
        s.mutex("m");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        Pending waiting = s.b.starts("lockI m");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        waiting = s.b.starts("lockTimed m 1000000");
        waiting.interrupt();
        waiting.ends("InterruptedException");
        waiting = s.b.starts("lock m");
        waiting.interrupt();
        waiting.goesOn();
        s.a.does("unlock m", "ok");
        waiting.ends("ok interrupted");
        s.now("m", "b");
    }

    private static void createdLocked(Stage s) {
        s.a.does("create mutex m %s locked".formatted(s.place()), "created");
        s.knows("mutex", "m", s.place(), "a", Prop.ANY_MAXIMUM);
        s.b.does("create mutex m %s locked".formatted(s.place()), "opened");
        s.b.does("tryLock m", "false");
        s.a.does("create mutex m %s locked as again".formatted(s.place()), "opened");
        s.a.does("holds again", "1");
        s.a.does("unlock again", "ok");
        s.now("m", "free");
    }

    private static void nothingToRecover(Stage s) {
        s.mutex("m");
        s.a.does("recover m", "false");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.a.does("recover m", "false");
        s.a2.does("recover m", "false");
        s.b.does("recover m", "false");
        s.b.does("isAbandoned m", "false");
    }

    private static void shareOwnership(Stage s) {
        s.mutex("m");
        s.b.does("open mutex m as again", "opened");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("lock again", "ok");
        s.now("m", "b x2");
        s.b.does("close again", "ok");
        s.b.does("unlock again", "ObjectClosedException");
        s.b.does("unlock m", "ok");
        s.now("m", "b");
        s.b.does("open mutex m as third", "opened");
        s.b.does("unlock third", "ok");
        s.now("m", "free");
    }

    private static void closedByOwner(Stage s) {
        s.mutex("m");
        s.b.does("open mutex m as again", "opened");
        s.b.does("lock m", "ok");
        s.now("m", "b");
        s.b.does("close again", "ok");
        s.b2.does("close m", "IllegalStateException");
        s.now("m", "abandoned");
        s.b.does("close m", "ok");
        s.b.does("unlock m", "ObjectClosedException");
        s.a.does("lock m", "AbandonedMutexException");
        s.b.does("open mutex m", "opened");
        s.b.does("unlock m", "IllegalMonitorStateException");
        s.b.does("recover m", "true");
        s.now("m", "b adopted");
        s.b.does("unlock m", "ok");
        s.now("m", "free");
    }

    private static void closedWhileWaiting(Stage s) {
        s.mutex("m");
        s.a.does("lock m", "ok");
        s.now("m", "a");
        s.b.does("open mutex m as again", "opened");
        Pending through = s.b.starts("lock again");
        Pending other = s.b2.starts("lock m");
        s.b3.does("close again", "ok");
        through.ends("ObjectClosedException");
        other.goesOn();
        s.a.does("unlock m", "ok");
        other.ends("ok");
        s.now("m", "b2");
    }

    private static void refused(Stage s) {
        s.mutex("m");
        s.b2.does("lock m", "ok");
        s.now("m", "b2");
        s.b2.does("lock m", "ok");
        s.now("m", "b2 x2");
        s.b2.ends();
        s.eventually("m", "abandoned");
        for (Role role : List.of(s.a, s.b)) {
            for (String command : LOCKING) {
                role.does(command.formatted("m"), "AbandonedMutexException");
            }
            role.does("unlock m", "IllegalMonitorStateException");
            role.does("isAbandoned m", "true");
            role.does("isLocked m", "false");
        }
        s.a.does("recover m", "true");
        s.now("m", "a adopted");
        s.b.does("recover m", "false");
        s.b.does("tryLock m", "false");
        s.a.does("lock m", "ok");
        s.now("m", "a x2 adopted");
        s.a.does("unlock m", "ok");
        s.now("m", "a adopted");
        Pending next = s.b.starts("lock m");
        s.a.does("unlock m", "ok");
        next.ends("ok");
        s.now("m", "b");
    }

    private static void adopted(Stage s) {
        List<String> names = List.of("m0", "m1", "m2", "m3", "m4");
        for (String name : names) {
            s.mutex(name, "adopt");
            s.b2.does("lock " + name, "ok");
            s.now(name, "b2");
        }
        s.b2.ends();
        names.forEach(name -> s.now(name, "abandoned"));
        s.eventually("m0", "abandoned");
        for (String name : names) {
            Role takes = name.equals("m1") ? s.b : s.a;
            String locking = LOCKING.get(names.indexOf(name));
            boolean silent = locking.startsWith("lock %") || locking.startsWith("lockI");
            takes.does(locking.formatted(name), silent ? "ok" : "true");
            s.now(name, takes.name() + " adopted");
            takes.does("recover " + name, "false");
            takes.does("unlock " + name, "ok");
            s.now(name, "free");
            takes.does("lock " + name, "ok");
            s.now(name, takes.name());
        }
    }

    private static void waitersAreRefused(Stage s) {
        s.mutex("m");
        s.b2.does("lock m", "ok");
        s.now("m", "b2");
        Pending here = s.a.starts("lock m");
        Pending there = s.b.starts("lockTimed m 1000000");
        s.b2.ends();
        here.ends("AbandonedMutexException");
        there.ends("AbandonedMutexException");
        s.eventually("m", "abandoned");
        s.b.does("recover m", "true");
        s.now("m", "b adopted");
    }

    private static void waiterAdopts(Stage s) {
        s.mutex("m", "adopt");
        s.b2.does("lock m", "ok");
        s.now("m", "b2");
        Pending here = s.a.starts("lockI m");
        s.b2.ends();
        here.ends("ok");
        s.now("m", "a adopted");
        Pending there = s.b.starts("lock m");
        s.a.does("unlock m", "ok");
        there.ends("ok");
        s.now("m", "b");
    }

    private static void again(Stage s) {
        s.mutex("m");
        s.b2.does("lock m", "ok");
        s.now("m", "b2");
        s.b2.ends();
        s.eventually("m", "abandoned");
        s.b.does("recover m", "true");
        s.now("m", "b adopted");
        s.b.ends();
        s.eventually("m", "abandoned");
        s.a.does("lock m", "AbandonedMutexException");
        s.b3.does("recover m", "true");
        s.now("m", "b3 adopted");
        s.b3.does("unlock m", "ok");
        s.now("m", "free");
        s.a.does("tryLock m", "true");
        s.now("m", "a");
    }
}
