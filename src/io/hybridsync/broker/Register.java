package io.hybridsync.broker;

import io.hybridsync.wire.LockFile;
import java.util.List;

/** Where brokers write down which journals count, for those that come after them: see {@link Chronicle}. */
interface Register {

    /** What the last broker that gave its journal to anybody has written down; empty if nothing tells. */
    List<LockFile.Named> journals();

    /** Instead of what was written there before, at once. */
    void write(List<LockFile.Named> journals);
}
