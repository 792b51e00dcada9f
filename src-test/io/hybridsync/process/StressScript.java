package io.hybridsync.process;

import io.hybridsync.process.StressStep.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What a pair does during the life of one child: made from a seed, so that both sides know it. The pair's own semaphore is
 * open all the time; of the shared ones at most {@link #MOST_OPEN} - 1 at a time, opened and closed in between. It begins
 * and ends with no permit in the own semaphore.
 *
 * <p>No script can block for ever: whoever holds a permit of a shared semaphore waits for nothing before it is back, except
 * for the partner's next step, which is to give it back.
 */
final class StressScript {

    /** How many semaphores a pair has open at most. */
    static final int MOST_OPEN = 16;

    /** The maximum of a pair's own semaphore. */
    static final int OWN_MAXIMUM = 9;

    /** Permits and maximum of a shared semaphore. */
    static final int SHARED_PERMITS = 2;

    private static final int STEPS = 120;
    private static final int FIRST_OPEN = 6;
    private static final int POPULAR = 8;

    private final Random random;
    private final int pairs;
    private final int own;
    private final List<Integer> open = new ArrayList<>();
    private final List<StressStep> steps = new ArrayList<>();
    private int count;

    private StressScript(long seed, int pairs, int pair, int life) {
        this.random = new Random(seed + 1_000_003L * pair + life);
        this.pairs = pairs;
        this.own = pair;
    }

    /** The script of a pair for one child. */
    static List<StressStep> of(long seed, int pairs, int pair, int life) {
        return new StressScript(seed, pairs, pair, life).write();
    }

    /** How many semaphores that many pairs use: each its own one, and as many that all share. */
    static int semaphores(int pairs) {
        return 2 * pairs;
    }

    /** Whether a semaphore belongs to one pair alone. */
    static boolean isOwn(int semaphore, int pairs) {
        return semaphore < pairs;
    }

    /** The name of a semaphore. */
    static String name(int semaphore) {
        return "stress " + semaphore;
    }

    private List<StressStep> write() {
        for (int i = 0; i < FIRST_OPEN; i++) {
            open();
        }
        while (steps.size() < STEPS) {
            switch (random.nextInt(4)) {
                case 0, 1 -> own();
                case 2 -> shared();
                default -> change();
            }
        }
        add(Kind.COUNT, random.nextBoolean(), own, 0);
        if (count > 0) {
            add(Kind.TRY, false, own, count);
        }
        Collections.shuffle(open, random);
        List.copyOf(open).forEach(this::close);
        return steps;
    }

    private void own() {
        boolean actor = random.nextBoolean();
        switch (random.nextInt(8)) {
            case 0, 1 -> {
                if (count < OWN_MAXIMUM) {
                    add(Kind.RELEASE, actor, own, random.nextInt(1, OWN_MAXIMUM - count + 1));
                }
            }
            case 2 -> add(Kind.TRY, actor, own, random.nextInt(1, OWN_MAXIMUM + 1));
            case 3 -> add(Kind.LACK, actor, own, count + 1);
            case 4 -> add(Kind.COUNT, actor, own, 0);
            case 5 -> add(Kind.OVERFLOW, actor, own, OWN_MAXIMUM - count + 1);
            case 6 -> handOver(Kind.HAND_OVER, actor);
            default -> handOver(Kind.MOVE, true);
        }
    }

    private void handOver(Kind kind, boolean actor) {
        if (count < OWN_MAXIMUM) {
            add(kind, actor, own, random.nextInt(count + 1, OWN_MAXIMUM + 1));
        }
    }

    private void shared() {
        if (open.isEmpty()) {
            return;
        }
        int semaphore = open.get(random.nextInt(open.size()));
        boolean actor = random.nextBoolean();
        switch (random.nextInt(3)) {
            case 0 -> add(Kind.BORROW, actor, semaphore, random.nextInt(1, 50));
            case 1 -> add(Kind.TRY_BORROW, actor, semaphore, 1);
            default -> {
                add(Kind.TAKE, actor, semaphore, 1);
                add(Kind.GIVE, !actor, semaphore, 1);
            }
        }
    }

    private void change() {
        if (open.size() < MOST_OPEN - 1 && random.nextBoolean()) {
            open();
        } else if (!open.isEmpty()) {
            close(open.get(random.nextInt(open.size())));
        }
    }

    private void open() {
        List<Integer> closed = IntStream.range(pairs, semaphores(pairs))
                .filter(semaphore -> !open.contains(semaphore))
                .limit(random.nextBoolean() ? POPULAR : Integer.MAX_VALUE)
                .boxed()
                .toList();
        if (!closed.isEmpty()) {
            int semaphore = closed.get(random.nextInt(closed.size()));
            open.add(semaphore);
            add(Kind.OPEN, true, semaphore, 0);
        }
    }

    private void close(Integer semaphore) {
        open.remove(/* element */ semaphore);
        add(Kind.CLOSE, true, semaphore, 0);
    }

    private void add(Kind kind, boolean byParent, int semaphore, int permits) {
        steps.add(new StressStep(kind, byParent, semaphore, count, permits, random.nextInt(1500)));
        count = switch (kind) {
            case RELEASE -> count + permits;
            case TRY -> count >= permits ? count - permits : count;
            case HAND_OVER, MOVE -> 0;
            default -> count;
        };
    }
}
