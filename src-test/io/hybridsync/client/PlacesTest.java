package io.hybridsync.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.error.ObjectClosedException;
import io.hybridsync.object.Authority.Verdict;
import io.hybridsync.object.Portion;
import io.hybridsync.slab.Cell;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Told;
import io.hybridsync.word.Location;
import io.hybridsync.word.Word;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is handed over of where a word is, while a thread of the application follows it from one place to the next. */
@Timeout(60)
class PlacesTest {

    /** Enough that a thread which may run at any time runs between two neighbouring reads of another one. */
    private static final int ROUNDS = 20_000;

    private static final Patience ANY_TIME = new Patience(Cell.FOREVER, false, false, null);

    @TempDir
    Path parent;

    private Dynasty dynasty;
    private Residence residence;
    private Portion portion;
    private Location here;
    private Location there;
    private int moves;

    @BeforeEach
    void begin() {
        dynasty = new Dynasty(parent, Duration.ofSeconds(50));
        Opening s = dynasty.inMemory("s", 3);
        residence = s.residence();
        portion = s.handle().portion();
        here = Objects.requireNonNull(portion.location());
        there = new Location(FakeBroker.SLAB + 1, 128, 1);
        dynasty.broker().another(there.slab());
        dynasty.settle();
    }

    @AfterEach
    void end() {
        dynasty.close();
    }

    /** The word is about to move to the other place; who looks at it now goes there. */
    private Slot move() {
        moves++;
        residence.places().moving(new Message.Moving(1, moves, here, there));
        Slot from = dynasty.broker().word(here);
        assertThat(from.replace(from.load(), moves, Word.MOVED)).isTrue();
        return Objects.requireNonNull(portion.slotAt(here));
    }

    /** It has moved. The next move leads back. */
    private void moved() {
        residence.places().forget(new Message.Moved(1, moves, here));
        Slot from = dynasty.broker().word(here);
        assertThat(from.replace(from.load(), 0, 0)).isTrue();
        Location last = here;
        here = there;
        there = last;
    }

    @Test
    void whatWasToldIsUnseenAsFarAsItComesAfterAPlace() {
        Slot from = move();
        Places places = residence.places();
        assertThat(places.follow(from, ANY_TIME)).isEqualTo(Verdict.CONFIRMED);
        assertThat(portion.location()).isEqualTo(there);
        assertThat(places.unseen(there)).as("the last one").containsExactly(new Told(moves, there));
        assertThat(places.unseen(here)).as("though it has been seen since").containsExactly(new Told(moves, there));
    }

    /** Who finds a bad word ends there first, and then says so: it must not be said before that he has left. */
    @Test
    void whoHasEndedAtAPlaceHasNotLeftIt() {
        Slot from = move();
        portion.end(() -> new ObjectClosedException("for a test"));
        assertThat(residence.places().moved(new Message.Moved(1, moves, here))).isFalse();
        assertThat(residence.places().moved(new Message.Moved(1, moves + 1, there))).as("where it never was").isTrue();
        assertThat(residence.places().hasPassed(from)).isTrue();
    }

    @Test
    void theSlabThatTheWordIsFollowedToIsAmongThoseThatAreKept() throws InterruptedException {
        hammer(() -> assertThat(residence.places().slabs()).contains(there.slab()));
    }

    @Test
    void theNextBrokerIsToldThePresentPlaceOrTheMoveToIt() throws InterruptedException {
        hammer(() -> {
            Message.HandObject handed = residence.hand();
            assertThat(handed.location().equals(there) || handed.told().equals(List.of(new Told(moves, there))))
                    .as("at %s, told %s", handed.location(), handed.told())
                    .isTrue();
        });
    }

    /** It does not follow its word any more, and a broker may have given up the place where that was. */
    @Test
    void whatWasFoundCorruptedInMemoryThatIsGoneIsNowhere() {
        assertThat(residence.places().follow(move(), ANY_TIME)).isEqualTo(Verdict.CONFIRMED);
        Slot slot = dynasty.broker().word(there);
        slot.cell().store(slot.load() ^ 1);
        assertThatThrownBy(portion::value).isInstanceOf(CorruptedObjectException.class);
        assertThat(residence.hand().location()).isEqualTo(there);
        assertThat(residence.hand().corrupted()).isTrue();
        dynasty.broker().say(new Message.SlabRevoke(there.slab()), null);
        dynasty.settle();
        assertThat(residence.hand().location()).isEqualTo(Location.BROKER);
        assertThat(residence.hand().corrupted()).isTrue();
        assertThat(residence.hand().told()).isEmpty();
    }

    /** It has seen the tombstone before its client was told of anything by the next broker. */
    @Test
    void whoWaitsToBeToldIsToldByTheNextBrokerToo() {
        AtomicReference<Places> places = new AtomicReference<>();
        places.set(new Places(portion, new Mapped(), new AtomicLong(), (told, nanos) -> {
            Objects.requireNonNull(places.get()).takenOver();
            Objects.requireNonNull(places.get()).moving(new Message.Moving(1, 1, here, there));
            return told.getNow(null);
        }));
        Slot from = Objects.requireNonNull(portion.slotAt(here));
        assertThat(from.replace(from.load(), 1, Word.MOVED)).isTrue();
        assertThat(Objects.requireNonNull(places.get()).follow(from, new Patience(Cell.FOREVER, false, false, null))).isEqualTo(Verdict.CONFIRMED);
        assertThat(portion.location()).isEqualTo(there);
    }

    private final class Mapped implements Places.Atlas {

        @Override
        public Slot slot(Location location) {
            return dynasty.broker().word(location);
        }

        @Override
        public boolean has(long slab) {
            return true;
        }
    }

    /** Checks again and again, each time while another thread follows the word. */
    private void hammer(Runnable check) throws InterruptedException {
        AtomicReference<Slot> tombstone = new AtomicReference<>();
        Thread follower = Thread.ofPlatform().daemon().start(() -> follow(tombstone));
        try {
            for (int i = 0; i < ROUNDS; i++) {
                tombstone.set(move());
                check.run();
                while (tombstone.get() != null) {
                    Thread.onSpinWait();
                }
                moved();
            }
        } finally {
            follower.interrupt();
            follower.join();
        }
    }

    private void follow(AtomicReference<Slot> tombstone) {
        while (!Thread.currentThread().isInterrupted()) {
            Slot from = tombstone.get();
            if (from != null) {
                for (int i = ThreadLocalRandom.current().nextInt(100); i > 0; i--) {
                    Thread.onSpinWait();
                }
                var _ = residence.places().follow(from, ANY_TIME);
                tombstone.set(null);
            }
        }
    }
}
