package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.slab.Cell;
import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.word.Kind;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Objects whose words are bad: how they are marked, and who is said to have been able to write there. */
class SharedObjectTest {

    private static final int MAXIMUM = Bench.TWO_PERMITS.maximum();

    private final Bench bench = new Bench(Options.defaults());
    private final long one = bench.client();
    private final long two = bench.client();
    private final Message.Opened opened = bench.opened(one, Mode.CREATE, "a");
    private final Location place = opened.location();
    private final Cell word = bench.memory.cell(place);

    private void assertFoundAndMarked(long bad) {
        word.store(bad);
        bench.describe(one, opened.object());
        assertThat(Word.isValid(place.base(), word.load())).isTrue();
        assertThat(Word.flags(word.load())).isEqualTo(Word.CORRUPTED);
        assertThat(Word.data(word.load()) & Word.WAITERS).as("nobody sleeps there any more").isZero();
    }

    @Test
    void aValueThatThereIsNotIsMarked() {
        assertFoundAndMarked(Word.pack(place.base(), MAXIMUM + 1, 0));
    }

    @Test
    void nobodySleepsOnWhatIsMarked() {
        assertFoundAndMarked(Word.pack(place.base(), MAXIMUM + 1 | Word.WAITERS, 0));
        assertThat(Word.data(word.load())).isEqualTo(MAXIMUM + 1);
    }

    /** It only looks like it. */
    @Test
    void whatLooksMarkedAndIsNotValidIsMarked() {
        long bad = Word.pack(place.base(), 2, Word.CORRUPTED) ^ Long.MIN_VALUE;
        assertThat(Word.flags(bad)).isEqualTo(Word.CORRUPTED);
        assertThat(Word.isValid(place.base(), bad)).isFalse();
        assertFoundAndMarked(bad);
    }

    @Test
    void whatIsOverwrittenMeanwhileIsMarkedNevertheless() {
        bench.memory.lose(place, 3);
        assertFoundAndMarked(Word.pack(place.base(), MAXIMUM + 1, 0));
    }

    /** As many as there are, as long as it is good; when it was found bad, those who were there then. */
    @Test
    void whoCouldHaveWrittenItIsKept() {
        bench.opened(two, Mode.OPEN, "a");
        int[] ids = {bench.id(one), bench.id(two)};
        Location shared = bench.opened(two, Mode.OPEN, "a").location();
        assertThat(writers()).extracting(Writer::client).containsExactly(ids[0], ids[1]);
        bench.close(one, opened.object());
        assertThat(writers()).extracting(Writer::client).containsExactly(ids[1]);
        bench.opened(one, Mode.OPEN, "a");
        assertThat(bench.opened(two, Mode.OPEN, "a").location()).isNotEqualTo(shared);
        Location now = bench.opened(two, Mode.OPEN, "a").location();
        bench.memory.cell(now).store(4711);
        bench.describe(one, opened.object());
        bench.kill(one);
        assertThat(writers()).extracting(Writer::client).containsExactly(ids[0], ids[1]);
        assertThat(writers()).extracting(Writer::pid).as("the dead have none").containsExactly(0, 1000 + (int) two);
    }

    @Test
    void whoDoesNotHaveItOpenIsNotToldWhoCouldHaveWrittenIt() {
        bench.say(two, new Message.AskWriters(5, opened.object()));
        assertThat(bench.out(two).removeLast()).isInstanceOfSatisfying(Message.Failed.class, failed ->
                assertThat(failed.code()).isEqualTo(Code.CLOSED));
    }

    private List<Writer> writers() {
        bench.say(two, new Message.AskWriters(5, opened.object()));
        return ((Message.Writers) bench.out(two).removeLast()).writers();
    }

    @Test
    void peopleAreToldItsNameOrThatItHasNone() {
        Message.Opened nameless = bench.opened(one, Mode.CREATE, "");
        Spec mutex = new Spec(Kind.MUTEX, 0, 1, 0);
        assertThat(((Message.Failed) bench.open(one, Mode.OPEN, "a", mutex)).message())
                .isEqualTo("semaphore \"a\" is not a mutex");
        assertThat(((Message.Failed) bench.openToken(one, Kind.MUTEX, nameless.token())).message())
                .isEqualTo("semaphore 0x%x without a name is not a mutex", nameless.object());
    }
}
