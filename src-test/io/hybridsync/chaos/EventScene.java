package io.hybridsync.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.SyncDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An event that the victim signals or waits for, while others may wait for it.
 *
 * <p>Afterwards as many of them have passed as the victim has let pass by what it has written into the word: all of a
 * manual-reset event, one of an auto-reset event; and it is signaled if that is what it was left as. Where the broker writes
 * for the victim, it was let pass or not, and certainly if the victim had its answer.
 *
 * @param name of the scene
 * @param spec of the event
 * @param actor the victim's thread
 * @param act what it does
 * @param signals whether that lets others pass
 * @param waiters how many of those who live wait for it at the same time
 * @param prompt what those who live do when the victim sleeps
 */
record EventScene(String name, EventSpec spec, Actor actor, Act act, boolean signals, int waiters, Prompt prompt)
        implements Scene {

    private static final int SIGNALED = 1;
    private static final int GENERATION_SHIFT = 2;

    /** What the victim does. */
    @FunctionalInterface
    interface Act {
        /** Does it. */
        void on(HybridEvent event) throws Exception;
    }

    /** What those who live do. */
    enum Prompt {
        NOTHING,
        SET,
        PULSE
    }

    /** The same by another thread. */
    EventScene by(Actor other) {
        return new EventScene(
                name + "-" + other.name().toLowerCase(Locale.ROOT), spec, other, act, signals, waiters, prompt);
    }

    /** The same with another kind of event. */
    EventScene at(String place, EventSpec other) {
        return new EventScene(name + "-" + place, other, actor, act, signals, waiters, prompt);
    }

    @Override
    public Operation rehearse(SyncDomain domain, String prefix) {
        HybridEvent event = domain.openEvent(prefix + Stage.OBJECT);
        return () -> act.on(event);
    }

    @Override
    public Play open(Stage stage) {
        return new Gate(stage);
    }

    private final class Gate implements Play {

        private final Stage stage;
        private final HybridEvent event;
        private final HybridEvent other;
        private final List<Stage.Standing<Boolean>> standing = new ArrayList<>();
        private boolean set;

        Gate(Stage stage) {
            this.stage = stage;
            this.event = stage.keep(stage.domain().createEvent(stage.name(Stage.OBJECT), spec));
            this.other = stage.other(event);
        }

        @Override
        public void begin() {
            for (int i = 0; i < waiters; i++) {
                HybridEvent mine = i == 0 ? event : other;
                standing.add(stage.startWaiting(i, event, () -> {
                    mine.awaitUninterruptibly();
                    return true;
                }));
            }
        }

        @Override
        public void prompt() {
            switch (prompt) {
                case NOTHING -> {}
                case SET -> set = !event.set();
                case PULSE -> {
                    boolean _ = event.pulse();
                }
            }
        }

        @Override
        public void judge(Death death) {
            if (spec.isBrokerOnly()) {
                judgeByOutcome(death);
            } else {
                boolean signaled = death.changes().stream().anyMatch(this::isSignal);
                assertThat(death.done() && signals && !signaled).as("done, and no signal").isFalse();
                judge(signaled, isLeftSet(death));
            }
            useAgain();
        }

        private void judge(boolean signaled, boolean leftSet) {
            int free = signaled ? (spec.isAutoReset() ? Math.min(1, waiters) : waiters) : 0;
            stage.eventually(free + " pass", () -> passed() >= free);
            assertThat(passed()).isEqualTo(free);
            assertThat(event.isSet()).isEqualTo(leftSet && !(spec.isAutoReset() && free > 0));
        }

        private void judgeByOutcome(Death death) {
            if (death.done() && signals && waiters > 0) {
                stage.eventually("one passes", () -> passed() > 0);
            }
        }

        private boolean isSignal(Death.Change change) {
            boolean released = change.from() >>> GENERATION_SHIFT != change.to() >>> GENERATION_SHIFT;
            return released || (change.from() & SIGNALED) < (change.to() & SIGNALED);
        }

        private boolean isLeftSet(Death death) {
            return (death.latest(spec.isSignaled() || set ? SIGNALED : 0) & SIGNALED) != 0;
        }

        private long passed() {
            return standing.stream().filter(Stage.Standing::hasEnded).count();
        }

        /** It lets pass whoever still waits, and one who comes, and is as it was. */
        private void useAgain() {
            for (long rest = passed(); rest < waiters; rest++) {
                long enough = rest + 1;
                boolean _ = event.set();
                stage.eventually(enough + " pass", () -> passed() >= enough);
            }
            boolean _ = other.set();
            event.awaitUninterruptibly();
            assertThat(other.isSet()).isEqualTo(!spec.isAutoReset());
            boolean _ = event.reset();
            assertThat(other.isSet()).isFalse();
        }
    }
}
