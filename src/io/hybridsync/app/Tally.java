package io.hybridsync.app;

/**
 * What a worker of the demo did.
 *
 * @param files how many it did
 * @param bytes that it read
 * @param acquires of the semaphore and the mutex; as many releases
 * @param waits acquires that did not succeed at once
 * @param longestNanos the longest wait
 * @param stallNanos the longest operation that had nothing to wait for
 * @param brokerCalls requests to the broker, opening and closing included
 * @param operationsWithCalls acquires and releases that made one
 */
record Tally(
        long files,
        long bytes,
        long acquires,
        long waits,
        long longestNanos,
        long stallNanos,
        long brokerCalls,
        long operationsWithCalls) {

    static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0);
    private static final String PREFIX = "tally";

    Tally plus(Tally other) {
        return new Tally(
                files + other.files,
                bytes + other.bytes,
                acquires + other.acquires,
                waits + other.waits,
                Math.max(longestNanos, other.longestNanos),
                Math.max(stallNanos, other.stallNanos),
                brokerCalls + other.brokerCalls,
                operationsWithCalls + other.operationsWithCalls);
    }

    static boolean isTally(String line) {
        return line.startsWith(PREFIX + " ");
    }

    /** As a line of text; {@link #parse} reads it. */
    String line() {
        return String.join(
                " ",
                PREFIX,
                "" + files,
                "" + bytes,
                "" + acquires,
                "" + waits,
                "" + longestNanos,
                "" + stallNanos,
                "" + brokerCalls,
                "" + operationsWithCalls);
    }

    static Tally parse(String line) {
        String[] fields = line.split(" ", -1);
        return new Tally(
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                Long.parseLong(fields[4]),
                Long.parseLong(fields[5]),
                Long.parseLong(fields[6]),
                Long.parseLong(fields[7]),
                Long.parseLong(fields[8]));
    }
}
