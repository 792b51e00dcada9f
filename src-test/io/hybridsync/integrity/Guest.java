package io.hybridsync.integrity;

import io.hybridsync.process.Child;
import java.nio.file.Path;

/** An {@link Actor} in a process of its own, which can be killed. */
final class Guest implements Side {

    private final Child child;
    private final String life;
    private boolean heard;

    /**
     * Starts it, and does not wait for it.
     *
     * @param life name of an object that exists as long as it lives, to its peers' and the broker's knowledge
     */
    Guest(Path directory, String domain, String life) {
        this.life = life;
        child = Child.start(Actor.class, directory.toString(), domain, life);
    }

    String life() {
        return life;
    }

    /** Waits until it can be spoken to. */
    void awaitReady() {
        if (!heard) {
            heard = true;
            String first = child.hear();
            if (!first.equals(Actor.READY)) {
                throw new IllegalStateException(life + " does not start: " + first);
            }
        }
    }

    @Override
    public String ask(String line) {
        tell(line);
        return child.hear();
    }

    /** Lets it do something, without an answer yet. */
    void tell(String line) {
        awaitReady();
        child.say(line);
    }

    /** The answer to what it was told. */
    String hear() {
        return child.hear();
    }

    void kill() {
        child.kill();
    }

    /** Lets it end by itself. */
    void end() {
        tell(Actor.QUIT);
        int exit = child.waitFor();
        if (exit != 0) {
            throw new IllegalStateException(life + " ends with " + exit);
        }
    }

    @Override
    public void close() {
        child.close();
    }

    @Override
    public String toString() {
        return life;
    }
}
