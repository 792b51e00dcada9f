package io.hybridsync.broker;

import io.hybridsync.wire.LockFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What brokers write down of their journals, for those that come after them: which one they give away, and which one they go on from,
 * and that one from which, and so on. The last one first; after so many the first ones are forgotten.
 *
 * <p>What a broker has not gone on from, though it is not older, it has gone on without; whoever has that has missed it.
 */
record Chronicle(List<Line> lines) {

    /**
     * A journal.
     *
     * @param file what it is, see {@link Storage#identity}
     * @param incarnation of the broker that made it, as it says itself
     */
    record Line(Object file, long incarnation) {}

    /** Keeps its own copy. */
    Chronicle {
        lines = List.copyOf(lines);
    }

    /**
     * What a broker writes down before it does anything.
     *
     * @param own its own journal
     * @param source the one that it goes on from; null if it has none: then it has done nothing to what those of before have
     */
    Chronicle with(Line own, @Nullable Line source) {
        List<Line> next = new ArrayList<>(List.of(own));
        if (source == null || lines.contains(source)) {
            next.addAll(lines.subList(source == null ? 0 : lines.indexOf(source), lines.size()));
        } else {
            next.add(source);
        }
        return new Chronicle(next.subList(0, Math.min(next.size(), LockFile.FILES)));
    }

    /** Whether a broker has gone on without it, or no broker has made it. */
    boolean overrules(Line journal) {
        return !lines.contains(journal) && lines.stream().anyMatch(line -> line.incarnation <= journal.incarnation);
    }
}
