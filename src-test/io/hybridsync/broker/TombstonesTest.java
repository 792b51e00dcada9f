package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.wire.Code;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Places that words have left and that somebody does not leave: they are paid for as all that clients make the broker keep. */
@Timeout(60)
class TombstonesTest {

    private static final int HEAP = 100_000;
    private static final int ROUNDS = 1000;
    private static final int PINNED = 30_000;
    private static final long OBJECT = 5;

    private final Bench bench = new Bench(Options.defaults().withQuotas(1000, 1000, 1000, HEAP, 1 << 20));

    private static boolean saysLimit(Object answer) {
        return answer instanceof Message.Failed failed && failed.code() == Code.LIMIT;
    }

    @Test
    void whoNeverAcknowledgesFillsTheBudgetAndNotTheHeap() {
        long lazy = bench.client();
        long busy = bench.client();
        bench.opened(lazy, Mode.CREATE, "a");
        bench.lazy.add(lazy);
        int rounds = 0;
        while (rounds < ROUNDS && bench.open(busy, Mode.OPEN, "a", Bench.TWO_PERMITS) instanceof Message.Opened opened) {
            bench.close(busy, opened.object());
            rounds++;
        }
        assertThat(rounds).isBetween(20, ROUNDS - 1);
        bench.say(busy, new Message.Open(77, Mode.CREATE, Bench.TWO_PERMITS.kind(), "b", Bench.TWO_PERMITS, false));
        assertThat(bench.out(busy)).singleElement().matches(TombstonesTest::saysLimit);
        bench.out(busy).clear();

        bench.kill(lazy);
        assertThat(bench.budget.left()).isEqualTo(HEAP);
        assertThat(bench.opened(busy, Mode.CREATE, "b").created()).isTrue();
        bench.kill(busy);
        bench.requireNothing(HEAP);
    }

    @Test
    void whoIsExpelledAgainAndAgainFillsTheBudgetAndNotTheHeap() {
        int rounds = 0;
        boolean refused = false;
        while (rounds < ROUNDS && !refused) {
            long bad = bench.client();
            refused = !(bench.open(bad, Mode.CREATE, "", Bench.TWO_PERMITS) instanceof Message.Opened);
            bench.registry.expel(bad, "it breaks a rule");
            rounds++;
        }
        assertThat(refused).isTrue();
        for (int client : bench.alive.toArray(Integer[]::new)) {
            bench.alive.remove(client);
            bench.registry.died(client);
        }
        bench.requireNothing(HEAP);
    }

    /** How many places one does not leave is nothing to the others: theirs cost what they are. */
    @Test
    void whatOneHasNotLeftIsNotLookedThroughForAnother() {
        HeapSlabs memory = new HeapSlabs();
        Groups groups = new Groups(memory, 0, (slab, members) -> {}, (group, place, word) -> {});
        Retirements retirements = new Retirements(groups, new Budget(Long.MAX_VALUE));
        Group group = groups.of(MemberSet.of(1).with(2));
        for (int i = 0; i < PINNED; i++) {
            retirements.add(OBJECT, group, group.slabs().allocate(false).location(), MemberSet.of(1));
        }
        for (int i = 0; i < PINNED; i++) {
            retirements.closed(2, OBJECT);
            retirements.died(3);
        }
        assertThat(retirements.size()).isEqualTo(PINNED);
        retirements.closed(1, OBJECT);
        assertThat(retirements.size() + groups.size()).isZero();
    }
}
