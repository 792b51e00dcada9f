package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.slab.Slab;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker dies before each of its steps, and so does the next one: what the third makes of it. */
@Timeout(300)
class TakeOverTest {

    /** Which of the clients do not go where a tombstone leads before they have to. */
    private static final List<Integer> SLOW = List.of(0, 1, 2, 5, 7);

    private static final int EVERYBODY = 7;

    /** One run: dies after some steps, is followed by some of the clients. */
    private static final class Run {
        final Dynasty all = new Dynasty();
        final List<Kin> clients;
        final Drama drama;

        Run(Drama drama, int slow) {
            this.drama = drama;
            this.clients = IntStream.range(0, 3).mapToObj(i -> all.client((slow >> i & 1) != 0)).toList();
            drama.prepare(all, clients.get(0), clients.get(1), clients.get(2));
            clients.forEach(client -> client.answers.removeIf(answer -> true));
        }

        boolean survives(int steps) {
            return all.survives(steps, () -> drama.act(all, clients.get(0), clients.get(1), clients.get(2)));
        }

        boolean succeeds(int steps) {
            all.succeed();
            return all.survives(steps, all::handOver);
        }

        Slab journal() {
            return Objects.requireNonNull(clients.getFirst().journal);
        }

        void bury(int survivors) {
            for (int i = 0; i < clients.size(); i++) {
                if ((survivors >> i & 1) == 0) {
                    all.kill(clients.get(i));
                }
            }
        }

        void judge() {
            assertThat(all.registry().isTakingOver()).isFalse();
            assertThat(all.kin).allMatch(client -> client.takenOver > 0);
            all.patrol();
            drama.judge(all, clients.get(0), clients.get(1), clients.get(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereverABrokerDiesAndWhoeverSurvives(Drama drama) {
        for (int slow : SLOW) {
            for (int survivors = 1; survivors <= EVERYBODY; survivors++) {
                boolean over = false;
                for (int steps = 0; !over; steps++) {
                    Run run = new Run(drama, slow);
                    over = run.survives(steps);
                    run.bury(survivors);
                    assertThat(run.succeeds(Dynasty.NEVER)).isTrue();
                    judge(run, "slow %d, survivors %d, %d steps".formatted(slow, survivors, steps));
                }
            }
        }
    }

    private static void judge(Run run, String how) {
        try {
            run.judge();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(run.drama + ", " + how + ": " + e.getMessage(), e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereverTheNextOneDiesToo(Drama drama) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Run whole = new Run(drama, 0);
        int before = whole.all.steps();
        assertThat(whole.survives(Dynasty.NEVER)).isTrue();
        int act = whole.all.steps() - before;
        assertThat(whole.succeeds(Dynasty.NEVER)).isTrue();
        int takeOver = whole.all.steps() - before - act;
        for (int i = 0; i < 2000; i++) {
            Run run = new Run(drama, random.nextInt(EVERYBODY + 1));
            run.survives(random.nextInt(act + 1));
            run.bury(1 + random.nextInt(EVERYBODY));
            String how = "seed %d, run %d".formatted(seed, i);
            if (!run.succeeds(random.nextInt(takeOver + 1))) {
                run.bury(1 + random.nextInt(EVERYBODY));
                assertThat(run.succeeds(Dynasty.NEVER)).as(how).isTrue();
            }
            if (!run.all.kin.isEmpty()) {
                judge(run, how);
            }
        }
    }

    /** The next one has the promise in its own journal, which it gives to one client after the other. */
    @ParameterizedTest
    @EnumSource(names = {"ANY", "ALL", "FAIR", "LEASED", "LEASED_AT_BROKER"})
    void aPromiseIsKeptWhereverTheNextOneDies(Drama drama) {
        int promises = 0;
        boolean over = false;
        for (int steps = 0; !over; steps++) {
            Run first = new Run(drama, 0);
            over = first.survives(steps);
            if (over || Journal.read(first.journal()) == null) {
                continue;
            }
            promises++;
            boolean done = false;
            for (int next = 0; !done; next++) {
                Run run = new Run(drama, 0);
                run.survives(steps);
                done = run.succeeds(next);
                assertThat(done || run.succeeds(Dynasty.NEVER)).isTrue();
                judge(run, "%d steps, %d of the next".formatted(steps, next));
            }
        }
        assertThat(promises).isPositive();
    }

    @Test
    void aBrokerThatFindsNobodyServesAtOnce() {
        Dynasty all = new Dynasty();
        all.succeed();
        assertThat(all.registry().isTakingOver()).isFalse();
    }
}
