package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.Slab;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is noted of signals is what the next broker reads. */
class SignalNotesTest {

    private static final int START = 64;

    private final Slab memory = new HeapSlabs().create(0, START + SignalNotes.BYTES + 64);
    private final SignalNotes notes = new SignalNotes(memory, START);

    SignalNotesTest() {
        for (int offset = 0; offset < memory.size(); offset += Long.BYTES) {
            boolean ours = offset >= START && offset < START + SignalNotes.BYTES;
            memory.cell(offset).store(ours ? 0 : -1);
        }
    }

    private static SignalNotes.Note note(int i) {
        return new SignalNotes.Note(i + 1, -i, ~(long) i, SignalNotes.hash("condition " + i));
    }

    @Test
    void asManyAsThereIsRoomForAreReadAsTheyWereWritten() {
        List<SignalNotes.Note> all = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < SignalNotes.MOST; i++) {
            all.add(note(i));
            places.add(notes.add(note(i)));
        }
        assertThat(SignalNotes.read(memory, START)).isEqualTo(all);
        assertThat(SignalNotes.areMore(memory, START)).isFalse();
        Collections.shuffle(places, new Random(1));
        places.subList(0, 100).forEach(notes::remove);
        assertThat(SignalNotes.read(memory, START)).hasSize(all.size() - 100).isSubsetOf(all);
        for (int i = 0; i < 100; i++) {
            assertThat(notes.add(note(i))).as("room again").isNotEqualTo(SignalNotes.UNNOTED);
        }
        nothingElseIsWritten();
    }

    @Test
    void ofMoreItIsKnownThatTheyAreThere() {
        for (int i = 0; i < SignalNotes.MOST; i++) {
            notes.add(note(i));
        }
        assertThat(notes.add(note(0))).isEqualTo(SignalNotes.UNNOTED);
        assertThat(SignalNotes.areMore(memory, START)).isTrue();
        assertThat(notes.add(note(1))).isEqualTo(SignalNotes.UNNOTED);
        notes.remove(SignalNotes.UNNOTED);
        assertThat(SignalNotes.areMore(memory, START)).isTrue();
        notes.remove(SignalNotes.UNNOTED);
        assertThat(SignalNotes.areMore(memory, START)).isFalse();
        assertThat(SignalNotes.read(memory, START)).hasSize(SignalNotes.MOST);
        nothingElseIsWritten();
    }

    @Test
    void aNameIsKnownByFnv1a() {
        assertThat(SignalNotes.hash("")).isEqualTo(0xcbf29ce484222325L);
        assertThat(SignalNotes.hash("a")).isEqualTo(0xaf63dc4c8601ec8cL);
        assertThat(SignalNotes.hash("foobar")).isEqualTo(0x85944171f73967e8L);
    }

    private void nothingElseIsWritten() {
        assertThat(memory.cell(START - 8).load()).isEqualTo(-1);
        assertThat(memory.cell(START + SignalNotes.BYTES).load()).isEqualTo(-1);
    }
}
