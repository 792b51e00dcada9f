package io.hybridsync.broker;

import io.hybridsync.wire.LockFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What brokers write down of their journals, for those that come after them: which one they give away, and which one they go on
 * from, and that one from which, and so on. The last one first; after so many the first ones are forgotten.
 *
 * <p>What a broker has not gone on from, though it is not older, it has gone on without; whoever has that has missed it.
 *
 * <p>Where nobody has written down from which one it is to go on, a broker takes one that it cannot know who has made
 * ({@link Testament}). The next one takes the same, and must not know more of it: it is written down as a guess.
 */
record Chronicle(List<Line> lines) {

    /**
     * A journal.
     *
     * @param file what it is, see {@link Storage#identity}
     * @param incarnation of the broker that made it, as it says itself; of a guess less than 0
     */
    record Line(Object file, long incarnation) {

        /** The same, but nobody knows whether a broker has made it. */
        Line guess() {
            return new Line(file, -Math.abs(incarnation));
        }

        /** Whether it is the same journal, guessed or not. */
        boolean isSame(Line other) {
            return guess().equals(other.guess());
        }
    }

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
        if (source == null || isNamed(source)) {
            next.addAll(lines.stream().dropWhile(line -> source != null && !line.isSame(source)).toList());
        } else {
            next.add(source.guess());
        }
        return new Chronicle(next.subList(0, Math.min(next.size(), LockFile.FILES)));
    }

    private boolean isNamed(Line journal) {
        return lines.stream().anyMatch(journal::isSame);
    }

    /** Whether a broker has made it, and not only gone on from it. */
    boolean proves(Line journal) {
        return lines.contains(journal);
    }

    /** Whether a broker has gone on without it, or no broker has made it. */
    boolean overrules(Line journal) {
        return !isNamed(journal)
                && lines.stream().anyMatch(line -> Math.abs(line.incarnation) <= journal.incarnation);
    }
}
