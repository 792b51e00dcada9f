package io.hybridsync.app;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The processes that the demo has started: all of them end with it, however it ends. */
final class DemoProcesses implements AutoCloseable {

    private final Set<DemoProcess> living = ConcurrentHashMap.newKeySet();
    private boolean closed;

    /** Starts one; {@link #end} is called when it has ended, or is to end. */
    synchronized DemoProcess start(String command, List<String> orders) throws IOException {
        if (closed) {
            throw new IOException("the demo is about to end");
        }
        DemoProcess process = DemoProcess.start(command, orders);
        living.add(process);
        return process;
    }

    /** SIGKILL, unless it has ended. */
    void end(DemoProcess process) {
        process.close();
        living.remove(process);
    }

    /** Kills all that are left, and returns when they are gone. No other is started after that. */
    @Override
    public synchronized void close() {
        closed = true;
        living.forEach(DemoProcess::close);
        living.forEach(DemoProcess::awaitEnd);
    }
}
