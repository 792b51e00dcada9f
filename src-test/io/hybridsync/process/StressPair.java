package io.hybridsync.process;

import io.hybridsync.HybridSemaphore;
import io.hybridsync.process.StressStep.Kind;
import java.util.ArrayList;
import java.util.List;

/** The thread of a pair: starts children and follows the script with them. */
final class StressPair {

    /** How many children live one after the other in a turn, each but the first started by the one before. */
    static final int LIVES_PER_TURN = 2;

    private final MigrationStressIT.Run run;
    private final int pair;
    private final StressSide side;
    private int lives;

    StressPair(MigrationStressIT.Run run, List<HybridSemaphore> semaphores, int pair) {
        this.run = run;
        this.pair = pair;
        this.side = new StressSide(true, semaphores::get, new Unmoved());
    }

    /** Starts a child, and follows it and its successors, so many in all. */
    void turn(int children) throws InterruptedException {
        int first = lives;
        lives += children;
        List<String> arguments = new ArrayList<>(run.arguments());
        arguments.addAll(List.of("" + pair, "" + first, "" + (lives - 1)));
        try (Child child = Child.start(StressChild.class, arguments.toArray(String[]::new))) {
            for (int life = first; life < lives; life++) {
                follow(child, life);
            }
            expect("0", "" + child.waitFor(), "exit code of child", first);
        }
    }

    private void follow(Child child, int life) throws InterruptedException {
        expect(StressChild.READY, child.hear(), "beginning of life", life);
        List<StressStep> script = StressScript.of(run.seed(), run.pairs(), pair, life);
        for (int i = 0; i < script.size(); i++) {
            String place = "step %d, %s, of life".formatted(i, script.get(i));
            child.say("" + i);
            try {
                side.run(script.get(i));
            } catch (RuntimeException e) {
                throw new IllegalStateException("parent: pair %d, %s %d".formatted(pair, place, life), e);
            }
            expect(StressChild.DONE, child.hear(), place, life);
            run.count(script.get(i).kind());
        }
        run.count(Kind.OPEN);
        run.count(Kind.CLOSE);
        run.childrenStall().atLeast(longest(child.hear(), life));
        run.ownStall().atLeast(side.stall().longestNanos());
    }

    private long longest(String line, int life) {
        expect(StressChild.LONGEST, line.replaceFirst("\\d+$", ""), "end of life", life);
        return Long.parseLong(line.substring(StressChild.LONGEST.length()));
    }

    private void expect(String expected, String found, String place, int life) {
        if (!expected.equals(found)) {
            throw new IllegalStateException("child: pair %d, %s %d: %s".formatted(pair, place, life, found));
        }
    }

    /** The parent keeps everything open. */
    private static final class Unmoved implements StressSide.Opener {

        @Override
        public void open(int semaphore) {
            throw new IllegalStateException("not the parent's step");
        }

        @Override
        public void close(int semaphore) {
            throw new IllegalStateException("not the parent's step");
        }
    }
}
