package io.hybridsync.broker;

import java.time.Duration;
import java.util.Objects;

/**
 * How a broker behaves.
 *
 * @param linger how long it outlives its last client; before the first one, at least as long as a handshake may take
 * @param clients how many there may be at a time, those included that have lost their connection and live
 * @param objectsPerClient how many living objects one client may have created
 * @param handlesPerClient how many objects one client may have open
 * @param waitsPerClient how many waits of one client there may be at the broker, and how many requests that cannot be
 *     answered now
 * @param heapBytes what the objects, handles, waits and unread messages of all clients may take of the heap, by estimate; half
 *     as much again while they are handed over, and an eighth for those who stand still for a moment when it is used up
 * @param queueBytes what may wait for one client to read it; a client that leaves more unread is expelled
 * @param handshake how long a connection may take to show that it is a client
 * @param deathLook how long to look for the death of a client whose connection has ended
 * @param housekeeping how often to look whether the domain's directory is still there
 * @param takeOver how long to wait for the clients of the broker before
 */
public record Options(
        Duration linger,
        int clients,
        int objectsPerClient,
        int handlesPerClient,
        int waitsPerClient,
        long heapBytes,
        int queueBytes,
        Duration handshake,
        Duration deathLook,
        Duration housekeeping,
        Duration takeOver) {

    /** What a list of one object's group fits in a message for. */
    public static final int MOST_CLIENTS = 10_000;

    /** Checks that the numbers can be worked with. */
    public Options {
        Objects.requireNonNull(linger, "linger");
        Objects.requireNonNull(handshake, "handshake");
        Objects.requireNonNull(deathLook, "deathLook");
        Objects.requireNonNull(housekeeping, "housekeeping");
        Objects.requireNonNull(takeOver, "takeOver");
        requireBetween("clients", clients, MOST_CLIENTS);
        requireBetween("objectsPerClient", objectsPerClient, Integer.MAX_VALUE);
        requireBetween("handlesPerClient", handlesPerClient, Integer.MAX_VALUE);
        requireBetween("waitsPerClient", waitsPerClient, Integer.MAX_VALUE);
        requireBetween("queueBytes", queueBytes, Integer.MAX_VALUE);
    }

    /** What suits most. */
    public static Options defaults() {
        return new Options(
                Duration.ofSeconds(10),
                MOST_CLIENTS,
                100_000,
                1_000_000,
                100_000,
                Runtime.getRuntime().maxMemory() / 2,
                8 << 20,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                Duration.ofMillis(500),
                Duration.ofSeconds(5));
    }

    /** The same but for how long the broker outlives its last client; negative counts as zero, huge as for ever. */
    public Options withLinger(Duration newLinger) {
        return new Options(
                newLinger,
                clients,
                objectsPerClient,
                handlesPerClient,
                waitsPerClient,
                heapBytes,
                queueBytes,
                handshake,
                deathLook,
                housekeeping,
                takeOver);
    }

    /** The same but for what clients may make the broker hold. */
    public Options withQuotas(int newClients, int newObjects, int newHandles, long newHeapBytes, int newQueueBytes) {
        return new Options(
                linger,
                newClients,
                newObjects,
                newHandles,
                waitsPerClient,
                newHeapBytes,
                newQueueBytes,
                handshake,
                deathLook,
                housekeeping,
                takeOver);
    }

    /** The same but for how many waits of one client there may be at the broker. */
    public Options withWaits(int newWaits) {
        return new Options(
                linger,
                clients,
                objectsPerClient,
                handlesPerClient,
                newWaits,
                heapBytes,
                queueBytes,
                handshake,
                deathLook,
                housekeeping,
                takeOver);
    }

    /** The same but for how long it waits for others. */
    public Options withTimes(Duration newHandshake, Duration newDeathLook, Duration newHousekeeping) {
        return new Options(
                linger,
                clients,
                objectsPerClient,
                handlesPerClient,
                waitsPerClient,
                heapBytes,
                queueBytes,
                newHandshake,
                newDeathLook,
                newHousekeeping,
                takeOver);
    }

    /** The same but for how long to wait for the clients of the broker before. */
    public Options withTakeOver(Duration newTakeOver) {
        return new Options(
                linger,
                clients,
                objectsPerClient,
                handlesPerClient,
                waitsPerClient,
                heapBytes,
                queueBytes,
                handshake,
                deathLook,
                housekeeping,
                newTakeOver);
    }

    private static void requireBetween(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("%s is %d, not 1 to %d".formatted(what, value, most));
        }
    }
}
