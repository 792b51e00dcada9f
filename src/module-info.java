/**
 * Synchronization objects that the processes of one Linux machine share: java.util.concurrent across processes.
 *
 * <p>Run with {@code --enable-native-access=io.hybridsync} (on the module path) or
 * {@code --enable-native-access=ALL-UNNAMED} (on the class path).
 */
module io.hybridsync {
    requires static org.jspecify;

    exports io.hybridsync;
    exports io.hybridsync.error;
}
