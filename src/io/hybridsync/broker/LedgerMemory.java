package io.hybridsync.broker;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slab;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The ledgers of all clients, where this process has them mapped. A process may have so many mappings and no more, and the broker
 * needs some for slabs: ledgers take a quarter of them at most. Addresses of ledgers that were given back count, for they are kept
 * for the next one of that size.
 */
final class LedgerMemory implements AutoCloseable {

    private static final Path MOST_MAPPINGS = Path.of("/proc/sys/vm/max_map_count");

    /** What the kernel permits unless somebody has changed it. */
    private static final int USUAL_MAPPINGS = 65530;

    private static final int SHARE = 4;
    private static final int SMALLEST_BYTES = 4096;

    /** More than that no domain needs. */
    private static final int MOST = 1 << 14;

    private final MappedSlabs ledgers = new MappedSlabs();
    private final int most;
    private long last;

    LedgerMemory() {
        this(most(mappings()));
    }

    /** @param most how many there may be */
    LedgerMemory(int most) {
        this.most = most;
    }

    /** How many of so many mappings ledgers may take. */
    static int most(int mappings) {
        return Math.min(MOST, mappings / SHARE);
    }

    /**
     * How many mappings a process may have. The kernel gives such a number to the first read alone, as much as that has room
     * for.
     */
    static int mappings() {
        try (BufferedReader in = Files.newBufferedReader(MOST_MAPPINGS)) {
            return Integer.parseInt(String.valueOf(in.readLine()).strip());
        } catch (IOException | NumberFormatException e) {
            return USUAL_MAPPINGS;
        }
    }

    /**
     * Maps a ledger, which is enough: closes the descriptor.
     *
     * @throws LimitExceededException when there is no room for it
     * @throws ProtocolException when it is no memory of that size which everybody can map and nobody can cut
     */
    Slab map(int size, Fd fd) {
        try (Memfd memfd = Memfd.receive(fd, size)) {
            if (ledgers.mappings() >= mostWith(size) && !ledgers.hasBlank(size)) {
                throw new LimitExceededException(
                        "%d ledgers are mapped, the limit: raise vm.max_map_count, or use fewer clients".formatted(most));
            }
            return ledgers.map(++last, memfd);
        } catch (AccessDeniedException e) {
            throw new ProtocolException("it hands a ledger that cannot be mapped: " + e.getMessage());
        }
    }

    /**
     * Half is for ledgers of the size that every client begins with: so large ones, also those of the past, leave room for
     * them.
     */
    private int mostWith(int size) {
        return size > SMALLEST_BYTES ? most / 2 : most;
    }

    /** It is of no use any more. */
    void forget(Slab ledger) {
        ledgers.retire((MappedSlab) ledger);
    }

    @Override
    public void close() {
        ledgers.close();
    }
}
