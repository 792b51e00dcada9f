package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.hybridsync.slab.Slab;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import io.hybridsync.wire.Spec;
import io.hybridsync.wire.WaitOutcome;
import io.hybridsync.word.Kind;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Signals of conditions that were told, and brokers that die before they have been used. */
class UnusedSignalsTest {

    private static final Spec MUTEX = new Spec(Kind.MUTEX, 0, 1, 0);

    private final Dynasty all = new Dynasty();
    private final Kin signaler = all.client(false);
    private final Kin first = all.client(false);
    private final Kin second = all.client(false);

    @BeforeEach
    void firstIsSignaledAndSecondWaits() {
        all.kin.forEach(client -> all.open(client, Mode.OPEN_OR_CREATE, "m", MUTEX));
        await(first, "c");
        await(second, "c");
        signal("c");
        assertThat(signals(first)).isEqualTo(1);
        assertThat(signals(second)).isZero();
    }

    private void await(Kin client, String condition) {
        all.ask(client, new Message.ConditionAwait(all.nextRequest(), mutex(client), condition));
    }

    private void signal(String condition) {
        all.ask(signaler, new Message.ConditionSignal(all.nextRequest(), mutex(signaler), condition, false));
    }

    private static long mutex(Kin client) {
        return client.home("m").opened.object();
    }

    private static long signals(Kin client) {
        return client.answers.stream()
                .filter(answer -> answer instanceof Message.Awaited awaited && awaited.outcome() == WaitOutcome.TAKEN)
                .count();
    }

    private static Slab journal(Kin client) {
        return Objects.requireNonNull(client.journal);
    }

    private void nextBroker() {
        all.succeed();
        all.handOver();
        assertThat(all.registry().isTakingOver()).isFalse();
    }

    /** The client is dead, and the broker knows. */
    private void dies(Kin client) {
        all.kill(client);
        all.registry().ended(client.connection, true);
    }

    @Test
    void theSignalOfWhoDiesWithTheBrokerIsTheNextOnes() {
        all.kill(first);
        nextBroker();
        assertThat(signals(second)).isEqualTo(1);
        nextBroker();
        assertThat(signals(second)).as("once").isEqualTo(1);
    }

    @Test
    void soIsThatOfWhoDiesUnderTheNextOne() {
        nextBroker();
        assertThat(signals(second)).isZero();
        dies(first);
        assertThat(signals(second)).isEqualTo(1);
    }

    @Test
    void soIsThatOfWhoDiesSomeBrokersLater() {
        nextBroker();
        nextBroker();
        all.kill(first);
        nextBroker();
        assertThat(signals(second)).isEqualTo(1);
    }

    @Test
    void ofAnotherConditionItIsNobodys() {
        await(signaler, "other");
        dies(second);
        all.kill(first);
        nextBroker();
        assertThat(signals(signaler)).isZero();
    }

    @Test
    void whoIsBackHasUsedIt() {
        first.back().forEach(message -> all.say(first, message));
        all.kill(first);
        nextBroker();
        assertThat(signals(second)).isZero();
    }

    @Test
    void whoIsBackWhenNoBrokerHearsItHasUsedItToo() {
        first.back();
        nextBroker();
        dies(first);
        nextBroker();
        assertThat(signals(second)).isZero();
    }

    @Test
    void whoIsBackUnderTheNextBrokerHasUsedItToo() {
        nextBroker();
        first.back().forEach(message -> all.say(first, message));
        dies(first);
        nextBroker();
        assertThat(signals(second)).isZero();
    }

    @Test
    void whoHasClosedTheMutexWhenNoBrokerHeardItLeavesItToTheNext() {
        first.homes.clear();
        nextBroker();
        assertThat(signals(second)).isEqualTo(1);
    }

    /** The next one does not read just now, and who had the signal has the mutex open again: he has not used it for that. */
    @Test
    void whoHasClosedAndOpenedItAgainHasNotUsedIt() {
        Spec global = new Spec(Kind.MUTEX, 0, 1, Spec.GLOBAL);
        all.kin.forEach(client -> all.open(client, Mode.OPEN_OR_CREATE, "g", global));
        long mutex = signaler.home("g").opened.object();
        for (Kin client : List.of(first, second)) {
            all.ask(client, new Message.ConditionAwait(all.nextRequest(), mutex, "d"));
        }
        all.ask(signaler, new Message.ConditionSignal(all.nextRequest(), mutex, "d", false));
        assertThat(signals(first)).isEqualTo(2);
        all.full.add(second.connection);
        all.ask(first, new Message.Close(all.nextRequest(), mutex));
        first.forgetsSignals();
        all.open(first, Mode.OPEN, "g", global);
        assertThat(signals(second)).isZero();
        all.full.clear();
        nextBroker();
        assertThat(signals(second)).isEqualTo(1);
    }

    @Test
    void whoIsNotInTimeLeavesItToTheNext() {
        all.kin.remove(first);
        nextBrokerWithout(first);
        assertThat(signals(second)).isEqualTo(1);
    }

    private void nextBrokerWithout(Kin late) {
        all.kin.add(late);
        all.succeed();
        all.kin.remove(late);
        all.handOver();
        all.registry().takeOverNow();
        assertThat(all.registry().isTakingOver()).isFalse();
    }

    @Test
    void aSignalToAllIsPassedOnToNobody() {
        await(signaler, "c");
        all.ask(second, new Message.ConditionSignal(all.nextRequest(), mutex(second), "c", true));
        assertThat(signals(second)).isEqualTo(1);
        assertThat(signals(signaler)).isEqualTo(1);
        first.back().forEach(message -> all.say(first, message));
        await(first, "c");
        all.kill(second);
        nextBroker();
        assertThat(signals(first)).as("the one that it had").isEqualTo(1);
    }

    /** Of more than there is room for the next broker does not know whose they were. */
    @Test
    void ofVeryManySomeMayWakeMoreButNoneIsLost() {
        int waits = SignalNotes.MOST + 5;
        for (int i = 0; i < waits; i++) {
            await(first, "many");
        }
        for (int i = 0; i < 3; i++) {
            await(second, "many");
        }
        for (int i = 0; i < waits; i++) {
            signal("many");
        }
        assertThat(signals(first)).isEqualTo(1 + waits);
        all.kill(first);
        nextBroker();
        assertThat(signals(second)).isEqualTo(1 + 3);
        second.back().forEach(message -> all.say(second, message));
        assertThat(Journal.hasMoreSignals(journal(second))).isFalse();
        assertThat(Journal.signals(journal(second))).isEmpty();
    }

    /** Of what there was no room for nobody knows which condition it was of. */
    @Test
    void whatThereIsNoNoteOfIsTheNextOnesToo() {
        for (int i = 0; i < SignalNotes.MOST; i++) {
            await(first, "noted");
            signal("noted");
        }
        await(first, "many");
        await(second, "many");
        signal("many");
        assertThat(signals(second)).isZero();
        all.kill(first);
        nextBroker();
        assertThat(second.answers.stream().filter(Message.Awaited.class::isInstance))
                .as("of both conditions")
                .hasSize(2);
        second.back().forEach(message -> all.say(second, message));
        assertThat(Journal.hasMoreSignals(journal(second))).isFalse();
        assertThat(Journal.signals(journal(second))).isEmpty();
    }

    @Test
    void nothingIsNotedThatIsOver() {
        assertThat(Journal.signals(journal(signaler))).hasSize(1);
        first.back().forEach(message -> all.say(first, message));
        assertThat(Journal.signals(journal(signaler))).isEmpty();
        signal("c");
        all.say(second, new Message.Close(all.nextRequest(), mutex(second)));
        assertThat(Journal.signals(journal(signaler))).as("nobody is left").isEmpty();
    }

    @Test
    void whatIsCorruptedHasNoSignals() {
        all.expected.add("is corrupted");
        long word = all.memory.cell(first.home("m").location).load();
        all.memory.cell(first.home("m").location).store(word ^ 1);
        all.say(first, new Message.Corrupted(mutex(first), first.home("m").location, word ^ 1));
        assertThat(Journal.signals(journal(signaler))).isEmpty();
    }

    @Test
    void whoSaysTwoThingsOfARequestIsRefused() {
        all.succeed();
        all.memory.handsJournal(journal(first));
        List<Message.FromClient> said = first.resume();
        Message.FromClient signal =
                said.stream().filter(Message.HandSignal.class::isInstance).findFirst().orElseThrow();
        assertThat(catchThrowable(() -> Stream.concat(
                                said.stream().limit(said.indexOf(signal) + 1), Stream.of(signal))
                        .forEach(message -> all.registry().received(first.connection, message))))
                .hasMessageContaining("twice");
    }

    /** It has used that of the note, or there would be two of one request. */
    @Test
    void aSignalOfTheSameRequestForAnotherConditionIsNotTheNoted() {
        await(signaler, "other");
        all.succeed();
        for (Kin client : all.kin) {
            all.memory.handsJournal(journal(client));
            client.resume().stream()
                    .map(message -> message instanceof Message.HandSignal signal
                            ? new Message.HandSignal(signal.request(), signal.object(), "other")
                            : message)
                    .forEach(message -> all.registry().received(client.connection, message));
        }
        assertThat(all.registry().isTakingOver()).isFalse();
        dies(first);
        assertThat(signals(signaler)).isZero();
        assertThat(signals(second)).isZero();
    }

    @Test
    void ofAMutexThatIsGoneThereIsNothingLeft() {
        all.kin.forEach(client -> client.homes.clear());
        nextBroker();
        assertThat(Journal.signals(journal(signaler))).isEmpty();
    }

    /** The reserve of a take-over has been used up: to remember it, and to wait for it. */
    @Test
    void whereThereIsNoRoomNobodyKeepsIt() {
        long reserve = Options.defaults().heapBytes() / 2;
        all.onNews = () -> assertThat(all.budget().take(all.budget().left() + reserve)).isTrue();
        nextBroker();
        assertThat(Journal.signals(journal(signaler))).isEmpty();
    }

    /** That one did not come to pass it on: it is known that nobody has it. */
    @Test
    void whoHasOpenedTheMutexAgainUnderABrokerThatDiedHasNotUsedIt() {
        await(second, "other");
        long mutex = mutex(signaler);
        first.homes.clear();
        first.forgetsSignals();
        int open = all.nextRequest();
        first.ask(open, new Message.Open(open, Mode.OPEN, Kind.MUTEX, "m", MUTEX, false));
        int signal = all.nextRequest();
        signaler.ask(signal, new Message.ConditionSignal(signal, mutex, "other", false));
        all.succeed();
        all.beforeTelling = () -> {
            if (!first.homes.isEmpty()) {
                throw new Dynasty.Dead();
            }
        };
        assertThat(all.survives(Dynasty.NEVER, () -> List.of(first, signaler, second).forEach(all::handOver))).isFalse();
        assertThat(first.homes).containsOnlyKeys(mutex);
        all.beforeTelling = () -> {};
        nextBroker();
        assertThat(signals(second)).as("that one, and the other").isEqualTo(2);
    }
}
