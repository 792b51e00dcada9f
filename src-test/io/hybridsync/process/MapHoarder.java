package io.hybridsync.process;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Mapping;
import io.hybridsync.kernel.Memfd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that maps one page again and again until the kernel lets it map no more, and tries to open an object then; and
 * again when it has given the mappings back. Arguments: directory, domain.
 */
public final class MapHoarder {

    private static final int PAGE = 4096;

    private MapHoarder() {}

    /** Prints what came of it, line by line. */
    public static void main(String[] arguments) {
        try (SyncDomain domain =
                        SyncDomain.builder(arguments[1]).directory(Path.of(arguments[0])).linger(Duration.ZERO).open();
                Memfd memfd = Memfd.create("hoard", PAGE)) {
            HybridSemaphore old = domain.semaphore("old", SemaphoreSpec.permits(1));
            try (HybridEvent both = domain.openEvent("theirs")) {
                both.set();
            }
            HybridEvent mine = domain.createEvent(EventSpec.manualReset());
            mine.close();
            List<Mapping> hoard = new ArrayList<>(100_000);
            say(hoard(memfd, hoard));
            say(tryToOpen(domain));
            say(old.tryAcquire() ? "the old one works" : "the old one does not work");
            hoard.clear();
            say(openAtLast(domain));
        }
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private static String hoard(Memfd memfd, List<Mapping> hoard) {
        try {
            for (;;) {
                hoard.add(memfd.map());
            }
        } catch (LimitExceededException e) {
            return "full";
        }
    }

    private static String tryToOpen(SyncDomain domain) {
        try (HybridEvent theirs = domain.openEvent("theirs")) {
            return theirs + " was opened";
        } catch (SyncException e) {
            return e.getClass().getSimpleName();
        }
    }

    /** Mappings go when nothing reaches them, and somebody notices. */
    private static String openAtLast(SyncDomain domain) {
        String result = tryToOpen(domain);
        while (!result.endsWith("opened")) {
            System.gc();
            Thread.onSpinWait();
            result = tryToOpen(domain);
        }
        return "opened";
    }
}
