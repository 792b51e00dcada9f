package io.hybridsync.conformance;

import io.hybridsync.conformance.Party.Verb;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A command that waits. */
final class Pending {

    private final Stage stage;
    private final Role role;
    private final String command;
    private final CompletableFuture<String> answer;

    Pending(Stage stage, Role role, String command, CompletableFuture<String> answer) {
        this.stage = stage;
        this.role = role;
        this.command = command;
        this.answer = answer;
    }

    /** Returns when it waits, and the broker knows of that as far as it is its affair. */
    void awaitWaiting() {
        stage.await(() -> {
            if (answer.isDone()) {
                stage.fail(this + " does not wait but answers " + answer.join());
            }
            return stage.answer(role.ask(Verb.WAITS, "")).equals("true");
        }, () -> this + " to wait");
        stage.lookAs(role);
    }

    /** Part of the step before: that has ended it. */
    void ends(String expected) {
        stage.remove(this);
        stage.expectAnswer(expected, this + " answers", stage.answer(answer));
        role.isIdle();
    }

    /** Part of the step before: it goes on waiting. */
    void goesOn() {
        awaitWaiting();
    }

    /** A step. */
    void interrupt() {
        stage.step(role, "is interrupted");
        String _ = stage.answer(role.ask(Verb.INTERRUPT, ""));
    }

    /** Part of the step before: its party has ended. */
    void isLost() {
        stage.remove(this);
        String last = stage.answer(answer);
        if (!last.equals(Abroad.KILLED)) {
            stage.expectAnswer("ObjectClosedException", this + " answers", last);
        }
    }

    boolean isOfSecond() {
        return role.isOfSecond();
    }

    boolean isOver() {
        return answer.isDone();
    }

    /** Whether that waits at the object's word: all-of-many do so at one of their objects, conditions have none. */
    Prop.Awaited awaits(String object) {
        List<String> words = stage.objects(command);
        String verb = words.getFirst();
        boolean signals = verb.equals("signalAndAwait") && words.get(2).equals(object);
        if (!words.contains(object) || signals) {
            return Prop.Awaited.NO;
        }
        return verb.equals("all") || verb.startsWith("await") ? Prop.Awaited.PERHAPS : Prop.Awaited.YES;
    }

    @Override
    public String toString() {
        return role.name() + ": " + command;
    }
}
