package io.hybridsync.chaos;

import io.hybridsync.SyncDomain;
import io.hybridsync.WaitOptions;
import io.hybridsync.chaos.ManyScene.Loot;
import io.hybridsync.chaos.ManyScene.Things;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Waits for any and for all of several objects. */
final class ManyScenes {

    private static final Loot FIRST = new Loot(1, 0, 0, 0);
    private static final Loot SECOND = new Loot(0, 1, 0, 0);
    private static final Loot BOTH = new Loot(1, 1, 0, 0);
    private static final Loot ALL = new Loot(1, 1, 1, 1);
    private static final Loot LATTER = new Loot(0, 1, 1, 1);
    private static final Loot GIVEN = new Loot(-1, 0, 0, 0);
    private static final Loot EXCHANGED = new Loot(-1, 1, 0, 0);
    private static final Loot ALERT = new Loot(0, 0, 1, 0);
    private static final WaitOptions SHORT = WaitOptions.within(Duration.ofMillis(3));

    private ManyScenes() {}

    static List<ManyScene> all() {
        ManyScene anyAsleep = local("any-asleep", false, Set.of(SECOND), ManyScenes::awaitAnyPermit);
        ManyScene allAsleep = atBroker("all-asleep", false, LATTER, ManyScenes::awaitAllButFirst);
        return List.of(
                local("any", true, Set.of(FIRST), ManyScenes::awaitAnyPermit),
                local("any-mutex", true, Set.of(new Loot(0, 0, 0, 1)), ManyScenes::awaitAnyMutex),
                local("any-alerted", false, Set.of(ALERT), ManyScenes::awaitAlert),
                anyAsleep,
                anyAsleep.parked(),
                local("any-too-late", false, Set.of(Loot.NONE, SECOND), ManyScenes::awaitTooLate),
                atBroker("all", true, ALL, ManyScenes::awaitAll),
                atBroker("all-permits", true, BOTH, (domain, things) -> domain.awaitAll(things.first(), things.second())),
                atBroker("all-too-late", false, Loot.NONE, ManyScenes::awaitAllTooLate),
                allAsleep,
                allAsleep.parked(),
                new ManyScene("signal-and-await", Scene.Actor.DIRECT,
                        (domain, things) -> domain.signalAndAwait(things.first(), things.second()),
                        false, true, Set.of(EXCHANGED), Set.of(GIVEN)));
    }

    private static ManyScene local(String name, boolean ready, Set<Loot> taken, ManyScene.Act act) {
        return new ManyScene(name, Scene.Actor.DIRECT, act, ready, true, taken, Set.of());
    }

    private static ManyScene atBroker(String name, boolean ready, Loot taken, ManyScene.Act act) {
        return new ManyScene(name, Scene.Actor.DIRECT, act, ready, false, Set.of(taken), Set.of());
    }

    private static void awaitAnyPermit(SyncDomain domain, Things things) throws InterruptedException {
        domain.awaitAny(things.first(), things.second());
    }

    private static void awaitAnyMutex(SyncDomain domain, Things things) throws InterruptedException {
        domain.awaitAny(things.mutex(), things.event());
    }

    private static void awaitAlert(SyncDomain domain, Things things) throws InterruptedException {
        domain.awaitAny(List.of(things.first()), WaitOptions.forever().alertedBy(things.event()));
    }

    private static void awaitTooLate(SyncDomain domain, Things things) throws InterruptedException {
        domain.awaitAny(List.of(things.first(), things.second()), SHORT);
    }

    private static void awaitAll(SyncDomain domain, Things things) throws InterruptedException {
        domain.awaitAll(things.first(), things.second(), things.event(), things.mutex());
    }

    private static void awaitAllButFirst(SyncDomain domain, Things things) throws InterruptedException {
        domain.awaitAll(things.mutex(), things.second(), things.event());
    }

    private static void awaitAllTooLate(SyncDomain domain, Things things) throws InterruptedException {
        domain.awaitAll(List.of(things.mutex(), things.first(), things.event()), SHORT);
    }
}
