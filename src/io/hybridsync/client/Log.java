package io.hybridsync.client;

import java.lang.System.Logger.Level;
import java.util.function.Supplier;

/**
 * The log of the application. What writes it is not ours, and may fail: it formats times and opens files, for which there may
 * be no descriptor left. Nothing that this library has to do may fail for that, least of all the connection's thread, so a
 * line that cannot be written is lost.
 */
final class Log {

    private static final System.Logger LOGGER = System.getLogger("io.hybridsync");

    private Log() {}

    static void write(Level level, Supplier<String> line) {
        try {
            LOGGER.log(level, line);
        } catch (RuntimeException | Error e) {
            lost();
        }
    }

    /** There is no place left where that could be told. */
    private static void lost() {}
}
