package io.hybridsync.succession;

import io.hybridsync.client.Ground;
import io.hybridsync.client.SignalQueue;
import io.hybridsync.object.Mutex;
import io.hybridsync.object.model.Actor;
import java.util.List;
import java.util.SplittableRandom;

/** What a thread that owns a mutex does with a condition of it: it waits for something to do, or brings something. */
final class Rendezvous {

    private final Realm realm;
    private final Thing thing;
    private final Mutex mutex;
    private final int condition;
    private final SignalQueue queue;

    Rendezvous(Realm realm, Thing thing, Mutex mutex, int condition, SignalQueue queue) {
        this.realm = realm;
        this.thing = thing;
        this.mutex = mutex;
        this.condition = condition;
        this.queue = queue;
    }

    /** The thread owns the mutex, and does so afterwards. */
    void run() {
        SplittableRandom random = realm.schedule().random;
        int odds = switch (thing.agenda.awaited(condition)) {
            case 0 -> 8;
            case 1 -> 3;
            default -> 1;
        };
        if (random.nextInt(odds) == 0) {
            bring(random.nextInt(4) == 0);
        } else {
            take(random.nextInt(8) == 0 ? Ground.PAST : Ground.DEADLINE);
        }
    }

    private void bring(boolean all) {
        Actor me = realm.schedule().self();
        thing.agenda.signals(me, condition, all);
        queue.signal(all);
        thing.agenda.hasSignaled(me);
        realm.chronicle().signals++;
        thing.agenda.add(condition, all ? 2 : 1);
    }

    /** What somebody waits for is left to those who do: they are to be told. */
    private void take(long deadline) {
        if (thing.agenda.isDue(condition) && thing.agenda.awaited(condition) > 0) {
            return;
        }
        while (!thing.agenda.isDue(condition)) {
            if (!await(deadline)) {
                break;
            }
        }
        if (thing.agenda.isDue(condition)) {
            thing.agenda.take(condition);
        }
    }

    private boolean await(long deadline) {
        Actor me = realm.schedule().self();
        thing.agenda.waits(me, condition);
        thing.exit(me);
        realm.judge().errand(new Errand(List.of(thing.id), true, condition));
        boolean signaled = isSignaled(deadline);
        realm.judge().errand(null);
        String wrong = thing.enter(me, mutex.isAdopted());
        if (wrong != null) {
            throw realm.schedule().fail(wrong);
        }
        if (!thing.agenda.comes(me, signaled)) {
            throw realm.schedule().fail("more threads were signaled than there were signals: " + thing);
        }
        return signaled;
    }

    /** An interrupt is as good as a time-out: the thread owns the mutex then. */
    private boolean isSignaled(long deadline) {
        try {
            return queue.await(deadline, this);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
