package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.Slab;
import org.junit.jupiter.api.Test;

/** Who was expelled and lives is known to the next broker. */
class OutcastNotesTest {

    private final Slab memory = new HeapSlabs().create(0, Journal.BYTES);
    private final Journal journal = new Journal(memory, 7);

    @Test
    void whoWasExpelledAndLivesIsKnown() {
        journal.outcasts().add(new Outcast(3, 30));
        journal.outcasts().add(new Outcast(4, 40));
        journal.outcasts().add(new Outcast(5, 50));
        journal.outcasts().add(new Outcast(4, 99));
        assertThat(Journal.outcasts(memory)).containsExactly(new Outcast(3, 30), new Outcast(4, 40), new Outcast(5, 50));
        assertThat(journal.outcasts().mayHave(4, 40)).isTrue();
        assertThat(journal.outcasts().mayHave(4, 41)).as("made since").isFalse();
        assertThat(journal.outcasts().mayHave(9, 41)).isTrue();
        journal.outcasts().died(3);
        journal.outcasts().died(9);
        assertThat(Journal.outcasts(memory)).containsExactlyInAnyOrder(new Outcast(4, 40), new Outcast(5, 50));
        journal.outcasts().died(4);
        journal.outcasts().died(5);
        assertThat(Journal.outcasts(memory)).isEmpty();
    }

    /** Of too many the last ones are known; and the signals, which are before them, are as they were. */
    @Test
    void asManyAreKnownAsThereIsRoomFor() {
        for (int i = 1; i <= SignalNotes.MOST; i++) {
            int _ = journal.signals().add(new SignalNotes.Note(i, i, i, i));
        }
        for (int client = 1; client <= OutcastNotes.MOST + 10; client++) {
            journal.outcasts().add(new Outcast(client, client));
        }
        assertThat(Journal.outcasts(memory))
                .hasSize(OutcastNotes.MOST)
                .contains(new Outcast(OutcastNotes.MOST + 10, OutcastNotes.MOST + 10));
        assertThat(Journal.signals(memory)).hasSize(SignalNotes.MOST).allMatch(note -> note.client() == note.object());
        int first = Journal.BYTES - OutcastNotes.BYTES + 16;
        memory.cell(first).store(-5);
        memory.cell(first + 16).store(1L << 40);
        memory.cell(first + 32).store(0);
        memory.cell(first + 48).store(ClientIds.LAST + 1L);
        assertThat(Journal.outcasts(memory)).as("nobody").hasSize(OutcastNotes.MOST - 4);
        memory.cell(first).store(ClientIds.LAST);
        assertThat(Journal.outcasts(memory)).extracting(Outcast::client).startsWith(ClientIds.LAST);
        memory.cell(Journal.BYTES - OutcastNotes.BYTES).store(-1);
        assertThat(Journal.outcasts(memory)).as("nonsense").isEmpty();
    }
}
