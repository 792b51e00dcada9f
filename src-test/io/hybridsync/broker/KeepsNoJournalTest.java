package io.hybridsync.broker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.wire.Wanted;
import io.hybridsync.word.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A client has no descriptor left for the journal of a broker that promises it something, and goes on without: with an older
 * one, or with none. What it was promised it is told once, by whichever broker has it.
 */
class KeepsNoJournalTest {

    private static final int PERMITS = 3;
    private static final Spec OWN = new Spec(Kind.SEMAPHORE, PERMITS, 5, Spec.BROKER_ONLY);
    private static final Spec SHARED = new Spec(Kind.SEMAPHORE, PERMITS, 5, 0);

    /** Of two brokers that die the other one does at each so many steps, beginning at another one each time. */
    private static final int STRIDE = 89;

    private static final int SHIFT = 13;

    /** What it has instead, and what it asks for. */
    enum Case {
        OLDER_JOURNAL(true, false, false),
        NO_JOURNAL(false, false, false),
        OLDER_JOURNAL_AND_WAITS(true, false, true),
        NO_JOURNAL_AND_WAITS_FOR_WHAT_IS_SHARED(false, true, true);

        private final boolean older;
        private final boolean shared;
        private final boolean waits;

        Case(boolean older, boolean shared, boolean waits) {
            this.older = older;
            this.shared = shared;
            this.waits = waits;
        }

        /** Two clients, and the second broker; the first has no room for what that gives it. */
        private final class Run {
            final Dynasty all = new Dynasty();
            final Kin one = all.client(false);
            final Kin other = all.client(false);
            final @Nullable Slab kept;

            Run() {
                Spec spec = shared ? SHARED : OWN;
                all.open(one, Mode.CREATE, "s", spec);
                all.open(other, Mode.OPEN, "s", spec);
                all.open(one, Mode.CREATE, "t", spec);
                all.open(other, Mode.OPEN, "t", spec);
                kept = older ? requireNonNull(one.journal) : null;
                all.succeed();
                handOver();
            }

            void handOver() {
                all.handOver();
                one.keepsInstead(kept);
            }

            void asks() {
                long object = one.home("s").opened.object();
                int request = all.nextRequest();
                Wanted wanted = new Wanted(object, SemaphoreRule.ACQUIRE.code(), 1);
                Wanted too = new Wanted(one.home("t").opened.object(), SemaphoreRule.ACQUIRE.code(), 1);
                all.ask(one, waits
                        ? new Message.Await(request, true, List.of(wanted, too), List.of())
                        : new Message.Operate(request, object, SemaphoreRule.ACQUIRE.code(), 1));
            }

            void assertTakenOnce(int second, int third) {
                assertThat(one.answers.stream().filter(Run::isGranted)).hasSize(1);
                assertThat(all.value("s")).as("%d steps, then %d", second, third).isEqualTo(PERMITS - 1);
                assertThat(all.value("t")).isEqualTo(waits ? PERMITS - 1 : PERMITS);
            }

            private static boolean isGranted(Message.Answer answer) {
                return answer instanceof Message.Operated
                        || (answer instanceof Message.Awaited awaited && awaited.outcome() == WaitOutcome.TAKEN);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatItIsPromisedItIsTold(Case what) {
        boolean over = false;
        for (int steps = 0; !over; steps++) {
            Case.Run run = what.new Run();
            over = run.all.survives(steps, run::asks);
            run.all.succeed();
            run.handOver();
            run.assertTakenOnce(steps, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void alsoWhenTheNextBrokerDiesToo(Case what) {
        boolean promised = false;
        for (int second = 0; !promised; second++) {
            boolean over = false;
            for (int third = SHIFT * second % STRIDE; !over; third += STRIDE) {
                Case.Run run = what.new Run();
                promised = run.all.survives(second, run::asks);
                run.all.succeed();
                over = run.all.survives(third, run.all::handOver);
                run.one.keepsInstead(run.kept);
                run.all.succeed();
                run.handOver();
                run.assertTakenOnce(second, third);
            }
        }
    }

    /**
     * Another client has made a journal itself, when nothing is written down any more, and the broker that has to go on from
     * that dies before it has given its own away.
     */
    @Test
    void whatNoBrokerHasPromisedItIsNotTold() {
        boolean over = false;
        int counted = 0;
        for (int steps = 0; !over; steps++) {
            Dynasty all = new Dynasty();
            Kin liar = all.client(false);
            Kin one = all.client(false);
            all.open(one, Mode.CREATE, "s", OWN);
            Wanted tooMuch = new Wanted(one.home("s").opened.object(), SemaphoreRule.ACQUIRE.code(), PERMITS + 1);
            int request = all.ask(one, new Message.Await(all.nextRequest(), false, List.of(tooMuch), List.of()));
            Slab forged = forged(one.id, request);
            all.memory.named();
            all.succeed();
            liar.journal = forged;
            one.keepsInstead(null);
            over = all.survives(steps, all::handOver);
            liar.journal = forged;
            one.keepsInstead(null);
            counted += all.memory.journals().contains(forged) ? 1 : 0;
            all.succeed();
            all.handOver();
            assertThat(one.answers).as("%d steps", steps).noneMatch(Message.Awaited.class::isInstance);
        }
        assertThat(counted).as("what it was to go on from").isPositive();
    }

    private static Slab forged(int client, int request) {
        Slab memory = new HeapSlabs().create(0, Journal.BYTES);
        new Journal(memory, 1).write(new Journal.Entry(
                client, request, List.of(), List.of(), new Message.Awaited(request, WaitOutcome.TAKEN, 0, List.of())));
        return memory;
    }

    /** Nothing is written down any more, and what the journal says to who has not got it is not believed. */
    @ParameterizedTest
    @EnumSource(names = "NO_JOURNAL.*", mode = EnumSource.Mode.MATCH_ALL)
    void whereNobodyKnowsWhoHasMadeTheJournalNothingIsTakenOfWhichItIsNotTold(Case what) {
        boolean over = false;
        for (int steps = 0; !over; steps++) {
            Case.Run run = what.new Run();
            over = run.all.survives(steps, run::asks);
            run.all.memory.named();
            run.all.succeed();
            run.handOver();
            run.assertTakenOnce(steps, 0);
        }
    }
}
