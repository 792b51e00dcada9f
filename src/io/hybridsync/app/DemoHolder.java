package io.hybridsync.app;

import io.hybridsync.HybridMutex;
import io.hybridsync.ObjectToken;
import io.hybridsync.SyncDomain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * A process of the demo that locks the mutex, begins to change the work list, and is killed before it has finished: the
 * mutex's next owner has to be told, and to repair the list.
 */
final class DemoHolder {

    static final String COMMAND = "demo-holder";

    /** What it says when it owns the mutex and the list is half changed. */
    static final String HALF_DONE = "half done";

    private DemoHolder() {}

    /** What it is told: the domain, the mutex, and the directory of the shared files. */
    static List<String> orders(SyncDomain domain, HybridMutex mutex, Path directory) {
        return List.of(domain.name(), mutex.token().toString(), directory.toString());
    }

    static int run(OrderReader in) throws IOException, InterruptedException {
        String name = in.line();
        ObjectToken token = ObjectToken.parse(in.line());
        Path directory = Path.of(in.line());
        in.endWithParent();
        try (SyncDomain domain = SyncDomain.open(name);
                HybridMutex mutex = domain.openMutex(token);
                SharedWork work = new SharedWork(directory)) {
            System.out.println(DemoVictim.WAITING);
            new ListMutex(mutex, work).lock();
            work.beginTaking();
            System.out.println(HALF_DONE);
            new CountDownLatch(1).await();
        }
        return 1;
    }
}
