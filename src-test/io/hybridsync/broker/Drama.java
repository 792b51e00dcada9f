package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.MutexRule;
import io.hybridsync.object.Rule;
import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import java.util.List;

/** Something that a broker does for three clients and may die in, and what has to be true under the next one. */
enum Drama {

    /** A third client opens an object: its word moves to memory of all three. */
    JOIN {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            all.open(a, Mode.CREATE, "s", SEMAPHORE);
            all.open(c, Mode.OPEN, "s", SEMAPHORE);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            all.open(b, Mode.OPEN_OR_CREATE, "s", SEMAPHORE);
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            assertThat(all.value("s")).isEqualTo(2);
            if (all.kin.contains(b)) {
                assertThat(b.answers).singleElement().isInstanceOf(Message.Opened.class);
            }
        }
    },

    /** The same, and there is something in that memory that stays. */
    JOIN_OTHERS {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            everybodyOpens(all, "r", SEMAPHORE);
            JOIN.prepare(all, a, b, c);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            JOIN.act(all, a, b, c);
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            JOIN.judge(all, a, b, c);
            assertThat(all.value("r")).isEqualTo(2);
        }
    },

    /** One of three closes an object: its word moves away from it. */
    CLOSE {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            everybodyOpens(all, "s", SEMAPHORE);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            close(all, b, "s");
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            if (all.kin.contains(a) || all.kin.contains(c)) {
                assertThat(all.value("s")).isEqualTo(2);
            }
            assertThat(all.kin.contains(b) && !b.homes.isEmpty()).as("still open").isFalse();
        }
    },

    /** The owner of a mutex closes it: the others find it abandoned. */
    CLOSE_OWNED {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            all.open(b, Mode.CREATE, "m", OWNED);
            all.open(a, Mode.OPEN, "m", MUTEX);
            all.open(c, Mode.OPEN, "m", MUTEX);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            close(all, b, "m");
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            if (all.kin.contains(a) || all.kin.contains(c)) {
                assertThat(all.value("m")).isEqualTo(MutexRule.OWNER_DIED);
            }
        }
    },

    /** A client is granted one of two objects. */
    ANY {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            everybodyOpens(all, "s", SEMAPHORE);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            await(all, b, false, acquire(b, "s"));
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            if (all.kin.contains(b)) {
                assertThat(taken(b)).isEqualTo(1);
                assertThat(all.value("s")).isEqualTo(1);
            } else {
                assertThat(all.value("s")).isIn(1, 2);
            }
        }
    },

    /** A client is granted two semaphores and a mutex at once. */
    ALL {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            everybodyOpens(all, "s", SEMAPHORE);
            everybodyOpens(all, "t", SEMAPHORE);
            everybodyOpens(all, "m", MUTEX);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            await(all, b, true, acquire(b, "s"), acquire(b, "t"), wanted(b, "m", MutexRule.ADOPT.code(), b.id));
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            int value = all.value("s");
            assertThat(all.value("t")).as("all or nothing").isEqualTo(value);
            if (all.kin.contains(b)) {
                assertThat(taken(b)).isEqualTo(1);
                assertThat(value).isEqualTo(1);
                assertThat(all.value("m")).isEqualTo(b.id);
            } else {
                assertThat(value).isIn(1, 2);
                assertThat(all.value("m")).isEqualTo(value == 1 ? MutexRule.OWNER_DIED : 0);
            }
        }
    },

    /** Two wait for a fair semaphore, and the third releases it: the first gets it. */
    FAIR {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            everybodyOpens(all, "f", FAIR_SEMAPHORE);
            await(all, b, false, acquire(b, "f"));
            await(all, c, false, acquire(c, "f"));
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            operate(all, a, "f", SemaphoreRule.RELEASE);
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            boolean released = all.kin.contains(a);
            int granted = taken(b) + taken(c);
            if (released) {
                assertThat(a.answers).filteredOn(Message.Operated.class::isInstance).hasSize(1);
            }
            assertThat(granted + all.value("f")).isLessThanOrEqualTo(1);
            if (released && all.kin.contains(b)) {
                assertThat(taken(b)).as("the first of the queue").isEqualTo(1);
            }
            assertThat(taken(b) == 1 && taken(c) == 1).isFalse();
            if (all.kin.contains(c) && all.value("f") == 1) {
                throw new AssertionError("somebody waits, and it is there");
            }
        }
    },

    /** Two wait for a condition, and the third signals it: somebody who lives hears it, the first of the queue if he lives. */
    SIGNAL {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            everybodyOpens(all, "m", MUTEX);
            listen(all, b);
            listen(all, c);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            all.ask(a, new Message.ConditionSignal(all.nextRequest(), a.home("m").opened.object(), "c", false));
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            boolean signaled = taken(b) > 0 || all.kin.contains(a);
            assertThat(taken(b)).isLessThanOrEqualTo(1);
            assertThat(taken(c)).isLessThanOrEqualTo(1);
            if (signaled && all.kin.contains(b)) {
                assertThat(taken(b)).as("the first of the queue").isEqualTo(1);
            } else if (signaled && all.kin.contains(c)) {
                assertThat(taken(c)).as("who is left").isEqualTo(1);
            }
        }
    },

    /** One of two who wait for a condition was signaled, and is back: the other one is signaled if the first ends before. */
    BACK {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            SIGNAL.prepare(all, a, b, c);
            SIGNAL.act(all, a, b, c);
            assertThat(taken(b)).isEqualTo(1);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            b.back().forEach(message -> all.say(b, message));
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            if (all.kin.contains(b)) {
                assertThat(taken(c)).as("it was used").isZero();
            }
        }
    },

    /** A client is granted permits that come back when it is dead, and not before. */
    LEASED {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            everybodyOpens(all, "l", LEASED_SEMAPHORE);
            everybodyOpens(all, "m", LEASED_SEMAPHORE);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            await(all, b, true, acquire(b, "l"), acquire(b, "m"));
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            int left = all.kin.contains(b) ? 1 : 2;
            assertThat(held(all, b, "l")).as("held, by who lives").isEqualTo(2 - left);
            assertThat(all.value("l")).isEqualTo(left);
            assertThat(all.value("m")).isEqualTo(left);
        }
    },

    /** The same where the word is the broker's own: taken, and given back. */
    LEASED_AT_BROKER {
        @Override
        void prepare(Dynasty all, Kin a, Kin b, Kin c) {
            everybodyOpens(all, "l", LEASED_AT_BROKER_SEMAPHORE);
            everybodyOpens(all, "m", LEASED_AT_BROKER_SEMAPHORE);
            operate(all, a, "m", SemaphoreRule.ACQUIRE);
            operate(all, b, "m", SemaphoreRule.ACQUIRE);
        }

        @Override
        void act(Dynasty all, Kin a, Kin b, Kin c) {
            operate(all, b, "l", SemaphoreRule.ACQUIRE);
            operate(all, b, "m", SemaphoreRule.RELEASE);
        }

        @Override
        void judge(Dynasty all, Kin a, Kin b, Kin c) {
            assertThat(all.value("l")).isEqualTo(2 - held(all, b, "l"));
            assertThat(all.value("m")).isEqualTo(2 - held(all, a, "m") - held(all, b, "m"));
        }
    };

    private static final Spec SEMAPHORE = new Spec(Kind.SEMAPHORE, 2, 5, 0);
    private static final Spec FAIR_SEMAPHORE = new Spec(Kind.SEMAPHORE, 0, 5, Spec.FAIR);
    private static final Spec LEASED_SEMAPHORE = new Spec(Kind.SEMAPHORE, 2, 2, Spec.LEASED);
    private static final Spec LEASED_AT_BROKER_SEMAPHORE =
            new Spec(Kind.SEMAPHORE, 2, 2, Spec.LEASED | Spec.BROKER_ONLY);
    private static final Spec MUTEX = new Spec(Kind.MUTEX, 0, 1, 0);
    private static final Spec OWNED = new Spec(Kind.MUTEX, 1, 1, 0);

    abstract void prepare(Dynasty all, Kin a, Kin b, Kin c);

    abstract void act(Dynasty all, Kin a, Kin b, Kin c);

    abstract void judge(Dynasty all, Kin a, Kin b, Kin c);

    private static void everybodyOpens(Dynasty all, String name, Spec spec) {
        all.kin.forEach(client -> all.open(client, Mode.OPEN_OR_CREATE, name, spec));
    }

    private static void close(Dynasty all, Kin client, String name) {
        all.ask(client, new Message.Close(all.nextRequest(), client.home(name).opened.object()));
    }

    private static void await(Dynasty all, Kin client, boolean every, Wanted... wanted) {
        all.ask(client, new Message.Await(all.nextRequest(), every, List.of(wanted), List.of()));
    }

    private static void operate(Dynasty all, Kin client, String name, Rule rule) {
        long object = client.home(name).opened.object();
        all.ask(client, new Message.Operate(all.nextRequest(), object, rule.code(), 1));
    }

    private static void listen(Dynasty all, Kin client) {
        all.ask(client, new Message.ConditionAwait(all.nextRequest(), client.home("m").opened.object(), "c"));
    }

    private static int held(Dynasty all, Kin client, String name) {
        return all.kin.contains(client) ? client.held(name) : 0;
    }

    private static Wanted acquire(Kin client, String name) {
        return wanted(client, name, SemaphoreRule.ACQUIRE.code(), 1);
    }

    private static Wanted wanted(Kin client, String name, int rule, int argument) {
        return new Wanted(client.home(name).opened.object(), rule, argument);
    }

    private static int taken(Kin client) {
        return (int) client.answers.stream()
                .filter(answer -> answer instanceof Message.Awaited awaited && awaited.outcome() == WaitOutcome.TAKEN)
                .count();
    }
}
