package io.hybridsync.conformance;

import io.hybridsync.conformance.Party.Verb;
import java.util.concurrent.CompletableFuture;

/** One thread in a scenario; its letter is that of its party. */
final class Role {

    private final Stage stage;
    private final String name;
    private final Party party;
    private boolean busy;

    Role(Stage stage, String name, Party party) {
        this.stage = stage;
        this.name = name;
        this.party = party;
    }

    String name() {
        return name;
    }

    /** A step: the command, which does not wait for others, and its answer. */
    void does(String command, String answer) {
        stage.step(this, command + " -> " + answer);
        stage.expectAnswer(answer, stage.answer(run(command)));
    }

    /** A step: the command, whatever it answers. */
    String says(String command) {
        stage.step(this, command);
        return stage.answer(run(command));
    }

    /** A step: a command that has to wait. Returns when it does. */
    Pending starts(String command) {
        stage.step(this, command + " -> (waits)");
        stage.awaited(command);
        CompletableFuture<String> answer = run(command);
        busy = true;
        Pending pending = new Pending(stage, this, command, answer);
        stage.add(pending);
        pending.awaitWaiting();
        return pending;
    }

    /** A step: the thread ends. */
    void ends() {
        stage.step(this, "ends");
        busy = true;
        String _ = stage.answer(ask(Verb.END, ""));
    }

    boolean isBusy() {
        return busy;
    }

    void isIdle() {
        busy = false;
    }

    boolean isOfSecond() {
        return name.startsWith("b");
    }

    Party party() {
        return party;
    }

    CompletableFuture<String> run(String command) {
        return ask(Verb.RUN, stage.translated(command));
    }

    CompletableFuture<String> ask(Verb verb, String command) {
        return party.ask(verb, stage.prefix() + name, command);
    }
}
