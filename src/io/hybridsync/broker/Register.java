package io.hybridsync.broker;

import io.hybridsync.wire.LockFile;
import java.util.List;

/**
 * Where brokers write down which journals count, and whom they may have given an id, for those that come after them: see
 * {@link Chronicle}, {@link ClientIds}.
 */
interface Register {

    /** What the last broker that gave its journal to anybody has written down; empty if nothing tells. */
    List<LockFile.Named> journals();

    /** Instead of what was written there before, at once. */
    void write(List<LockFile.Named> journals);

    /** The last id that brokers may have given to a client; 0 if nothing tells. */
    int lastClient();

    /** Brokers that come later are to give others than those up to this one. If that cannot be written now it is later. */
    void reserveClients(int last);
}
