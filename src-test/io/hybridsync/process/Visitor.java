package io.hybridsync.process;

import io.hybridsync.BrokerMode;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.SyncException;
import java.nio.file.Path;

/** A process that opens a domain, and says what came of it. Arguments: directory, domain. */
public final class Visitor {

    private Visitor() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        try (SyncDomain domain = SyncDomain.builder(arguments[1])
                .directory(Path.of(arguments[0]))
                .broker(BrokerMode.EXTERNAL)
                .open()) {
            System.out.println("opened " + domain.name());
        } catch (SyncException e) {
            System.out.println(e);
        }
    }
}
