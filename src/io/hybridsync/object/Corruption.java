package io.hybridsync.object;

import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.error.SyncException;
import io.hybridsync.slab.Slot;
import io.hybridsync.word.Word;
import java.util.List;
import java.util.function.Supplier;

/** What was found when a word was found bad: what every operation on the object throws from then on. */
final class Corruption implements Supplier<SyncException> {

    private final String title;
    private final Slot place;
    private final long word;
    private volatile List<Writer> writers = List.of();

    Corruption(String title, Slot place, long word) {
        this.title = title;
        this.place = place;
        this.word = word;
    }

    /** The broker was asked who could have written it. */
    void setWriters(List<Writer> known) {
        writers = known;
    }

    @Override
    public CorruptedObjectException get() {
        return new CorruptedObjectException(
                title, place.location().toString(), word, Word.hashOf(word), place.hashExpected(word), writers);
    }
}
