package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.CorruptedObjectException;
import io.hybridsync.integrity.Spot;
import io.hybridsync.word.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * A word that somebody has written to who should not: the victim finds it, while others sleep there.
 *
 * <p>However much of what it has to do about that the victim has done, all who sleep are woken and told, though none of those
 * who live looks before, and so is everybody who comes later. The word beside it is as it was,
 * and the name is free when the last has closed the corrupted object.
 *
 * @param name of the scene
 * @param breed of the object
 * @param actor the victim's thread
 * @param wrong what is written
 * @param later whether it is written, and found by another one, when the victim sleeps there, too
 * @param act what the victim does; it must be told
 */
record CorruptionScene(String name, Breed breed, Actor actor, Wrong wrong, boolean later, Act act) implements Scene {

    private static final int WAITERS = 2;

    /** What the victim does. */
    @FunctionalInterface
    interface Act {
        /** Does it. */
        void on(SyncDomain domain, HybridObject object, HybridSemaphore second) throws Exception;
    }

    /** What can be wrong with a word. */
    enum Wrong {
        /** One bit. */
        FLIPPED,
        /** The value is none that the object can have, though the hash is right. */
        SENSELESS,
        /** It says that the broker has moved it. */
        MOVED,
        /** It is as if nothing had ever been there. */
        ZERO;

        long of(Spot spot, long word) {
            return switch (this) {
                case FLIPPED -> word ^ 1;
                case SENSELESS -> Word.pack(spot.base(), Word.WAITERS | Word.VALUE, 0);
                case MOVED -> Word.pack(spot.base(), Word.data(word), Word.MOVED);
                case ZERO -> 0;
            };
        }
    }

    @Override
    public Operation rehearse(SyncDomain domain, String prefix) {
        HybridObject object = breed.open(domain, prefix + Stage.OBJECT);
        HybridSemaphore second = domain.openSemaphore(prefix + Stage.SECOND);
        return () -> {
            if (!isTold(() -> act.on(domain, object, second))) {
                throw new IllegalStateException("not detected: " + object);
            }
        };
    }

    private static boolean isTold(Operation operation) throws Exception {
        try {
            operation.run();
        } catch (CorruptedObjectException e) {
            return true;
        }
        return false;
    }

    @Override
    public Play open(Stage stage) {
        return new Harm(stage);
    }

    private final class Harm implements Play {

        private final Stage stage;
        private final HybridObject object;
        private final HybridObject other;
        private final HybridSemaphore second;
        private final List<Stage.Standing<Boolean>> sleeping = new ArrayList<>();
        private boolean spoilt;

        Harm(Stage stage) {
            this.stage = stage;
            this.object = stage.keep(breed.create(stage.domain(), stage.name(Stage.OBJECT)));
            this.other = stage.keep(breed.open(stage.parked(), stage.name(Stage.OBJECT)));
            this.second = stage.keep(stage.domain().createSemaphore(stage.name(Stage.SECOND), SemaphoreSpec.permits(1)));
        }

        @Override
        public void begin() {
            for (int i = 0; i < WAITERS; i++) {
                HybridObject mine = i == 0 ? object : other;
                sleeping.add(stage.startWaiting(i, object, () -> isTold(() -> Breed.await(mine))));
            }
            if (!later) {
                spoil();
            }
        }

        private void spoil() {
            Spot spot = Spot.of(object);
            spot.store(wrong.of(spot, spot.load()));
            spoilt = true;
        }

        @Override
        public void prompt() {
            if (later) {
                spoil();
                requireTold(object);
            }
        }

        private void requireTold(HybridObject mine) {
            assertThatThrownBy(() -> Breed.tryOut(mine)).isInstanceOf(CorruptedObjectException.class);
        }

        /** The broker looks at a word when it is asked for its snapshot. So nobody asks it before. */
        @Override
        public void await() {
            if (!spoilt) {
                prompt();
            }
            stage.eventually("all are woken", () -> sleeping.stream().allMatch(Stage.Standing::hasEnded));
            assertThat(sleeping).as("all are told").allMatch(Stage.Standing::result);
        }

        @Override
        public void judge(Death death) {
            for (HybridObject mine : List.of(object, other)) {
                requireTold(mine);
                assertThatThrownBy(() -> Breed.await(mine)).isInstanceOf(CorruptedObjectException.class);
            }
            assertThatThrownBy(() -> Breed.give(object)).isInstanceOf(CorruptedObjectException.class);
            for (int i = 0; i < WAITERS; i++) {
                SyncDomain domain = stage.domain(i);
                assertThatThrownBy(() -> breed.open(domain, stage.name(Stage.OBJECT)))
                        .isInstanceOf(CorruptedObjectException.class);
            }
            assertThat(second.tryAcquire()).as("what is beside it is as it was").isTrue();
            assertThat(second.tryAcquire()).isFalse();
            other.close();
            // It is another client: only when that one has been answered has the broker read that it closed the object.
            assertThat(stage.parked().objects()).isNotEmpty();
            object.close();
            HybridObject anew = stage.keep(breed.create(stage.domain(), stage.name(Stage.OBJECT)));
            Breed.give(anew);
            Breed.tryOut(anew);
        }
    }
}
