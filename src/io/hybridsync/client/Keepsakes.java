package io.hybridsync.client;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.wire.Channel;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Memory of the broker that this client keeps for the next one: the journal, and the slabs in which the words are that are the
 * broker's own. It is never mapped here. A mapping could not be handed on; a descriptor can.
 *
 * <p>Confined to the connection's thread, but for {@link #close}.
 */
final class Keepsakes implements AutoCloseable {

    /** What tells one memory from the others. */
    private record Name(Memory memory, long id) {}

    private final Map<Name, Memfd> kept =
            new TreeMap<>(Comparator.comparing(Name::memory, Comparator.reverseOrder()).thenComparingLong(Name::id));

    /**
     * Keeps a memory, in place of what was kept under the same id. Other clients are given it too: one that has no descriptor
     * left goes on without.
     *
     * @throws ProtocolException when it is not a sealed memfd of that size, or is not the broker's
     */
    void keep(Message.Keep keep, Channel.Received received) {
        try {
            if (keep.memory() != Memory.JOURNAL && keep.memory() != Memory.OWN) {
                received.takeFd().close();
                throw new ProtocolException("the broker asks to keep a " + keep.memory() + ", which is not its own");
            }
            Memfd former = kept.put(
                    new Name(keep.memory(), keep.id()), Memfd.receiveForReading(received.takeFd(), keep.size()));
            if (former != null) {
                former.close();
            }
        } catch (LimitExceededException e) {
            Log.write(Level.WARNING, () -> "a memory of the broker cannot be kept for the next one: " + e.getMessage());
        }
    }

    /** Lets go of the slabs that no object of this client is in. */
    void retain(Set<Long> slabs) {
        kept.entrySet().removeIf(entry -> {
            boolean over = entry.getKey().memory() == Memory.OWN && !slabs.contains(entry.getKey().id());
            if (over) {
                entry.getValue().close();
            }
            return over;
        });
    }

    /** What the next broker is given: the journal first. */
    Stream<Estate.Item> items() {
        return kept.entrySet().stream()
                .map(entry -> Estate.Item.of(entry.getKey().memory(), entry.getKey().id(), entry.getValue()));
    }

    @Override
    public void close() {
        kept.values().forEach(Memfd::close);
        kept.clear();
    }
}
