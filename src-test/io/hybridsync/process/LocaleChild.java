package io.hybridsync.process;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.kernel.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;

/** A process in another locale: opens a domain, takes a permit, says what it sees, and lives until its input ends. */
public final class LocaleChild {

    /** Fits in no locale but those of UTF-8. */
    static final String DOMAIN = "Größe \u4e2d 100% \ud83d\ude80";

    private LocaleChild() {}

    /** As argument the parent of the domain's directory, escaped. */
    public static void main(String[] arguments) throws IOException {
        try (SyncDomain domain = SyncDomain.builder(DOMAIN)
                        .directory(FileNames.unescapedPath(arguments[0]))
                        .linger(Duration.ZERO)
                        .open();
                HybridSemaphore semaphore = domain.semaphore(DOMAIN, SemaphoreSpec.permits(3))) {
            semaphore.release();
            System.out.println(System.getProperty("sun.jnu.encoding") + " " + Files.exists(domain.directory().resolve("socket")));
            while (System.in.read() >= 0) {
                System.out.flush();
            }
        }
    }
}
