package io.hybridsync.chaos;

import io.hybridsync.BrokerMode;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.BrokerUnavailableException;
import io.hybridsync.error.NoSuchObjectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** What can be done to a domain. */
final class OpenScenes {

    private static final SemaphoreSpec ONE = SemaphoreSpec.permits(1);
    private static final String OWN = "own";

    private OpenScenes() {}

    static List<OpenScene> all() {
        OpenScene open = scene("open", OpenScenes::nothing, (domain, prefix, none) -> openObject(domain, prefix));
        OpenScene close = scene("close", (domain, prefix) -> List.of(openObject(domain, prefix)), OpenScenes::close);
        return List.of(
                open,
                open.at("compact", ONE.compact()),
                open.at("global", ONE.global()),
                open.at("broker", ONE.brokerOnly()),
                close,
                close.at("compact", ONE.compact()),
                close.at("global", ONE.global()),
                close.at("broker", ONE.brokerOnly()),
                scene("open-and-close", OpenScenes::nothing, OpenScenes::openAndClose),
                scene("open-again", OpenScenes::twoHandles, (domain, prefix, two) -> openObject(domain, prefix)),
                scene("open-in-vain", OpenScenes::nothing, OpenScenes::openInVain),
                scene("create", OpenScenes::nothing, OpenScenes::create),
                scene("create-and-close", OpenScenes::nothing, OpenScenes::createAndClose),
                scene("create-compact", OpenScenes::nothing, OpenScenes::createCompact),
                scene("list", OpenScenes::nothing, (domain, prefix, none) -> domain.objects()),
                scene("domain", OpenScenes::nothing, (domain, prefix, none) -> openDomain(domain, prefix)),
                scene("close-domain", OpenScenes::twoHandles, (domain, prefix, two) -> domain.close()));
    }

    private static OpenScene scene(String name, OpenScene.Before before, OpenScene.Act act) {
        return new OpenScene(name, ONE, before, act);
    }

    private static List<HybridSemaphore> nothing(SyncDomain domain, String prefix) {
        return List.of();
    }

    private static HybridSemaphore openObject(SyncDomain domain, String prefix) {
        return domain.openSemaphore(prefix + Stage.OBJECT);
    }

    private static List<HybridSemaphore> twoHandles(SyncDomain domain, String prefix) {
        return List.of(openObject(domain, prefix), openObject(domain, prefix));
    }

    private static void close(SyncDomain domain, String prefix, List<HybridSemaphore> open) {
        open.forEach(HybridObject::close);
    }

    private static void openAndClose(SyncDomain domain, String prefix, List<HybridSemaphore> none) {
        openObject(domain, prefix).close();
    }

    private static void openInVain(SyncDomain domain, String prefix, List<HybridSemaphore> none) {
        try {
            domain.openSemaphore(prefix + OWN).close();
        } catch (NoSuchObjectException e) {
            return;
        }
        throw new IllegalStateException("it exists");
    }

    private static void create(SyncDomain domain, String prefix, List<HybridSemaphore> none) {
        domain.createSemaphore(prefix + OWN, ONE);
    }

    private static void createAndClose(SyncDomain domain, String prefix, List<HybridSemaphore> none) {
        domain.createSemaphore(prefix + OWN, ONE).close();
    }

    private static void createCompact(SyncDomain domain, String prefix, List<HybridSemaphore> none) {
        domain.createSemaphore(prefix + OWN, ONE.compact());
        domain.createSemaphore(prefix + OWN + 2, ONE.compact()).close();
    }

    /** Another client of the same process, which opens the object, looks at it, and leaves. */
    private static void openDomain(SyncDomain domain, String prefix) {
        try (SyncDomain another = openOnceThereIsABroker(domain)) {
            int _ = openObject(another, prefix).availablePermits();
        }
    }

    /** Where the broker has been killed there is none for a moment, until somebody else starts the next. */
    private static SyncDomain openOnceThereIsABroker(SyncDomain domain) {
        Path parent = Objects.requireNonNull(domain.directory().getParent());
        for (;;) {
            try {
                return SyncDomain.builder(domain.name())
                        .directory(parent)
                        .broker(BrokerMode.EXTERNAL)
                        .claimTimeout(Duration.ofHours(1))
                        .open();
            } catch (BrokerUnavailableException e) {
                Thread.onSpinWait();
            }
        }
    }
}
