package io.hybridsync.broker;

import static io.hybridsync.broker.WaitBench.SEMAPHORE;
import static io.hybridsync.broker.WaitBench.taken;
import static io.hybridsync.broker.WaitBench.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.word.Kind;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that some have closed, or lost, whose words cannot be moved away from them. */
class HoldingsTest {

    private final WaitBench bench = new WaitBench(Options.defaults());
    private final long one = bench.client();
    private final long two = bench.client();
    private final long three = bench.client();
    private final long object = bench.create(one, "s", SEMAPHORE);

    @BeforeEach
    void allHaveItOpen() {
        bench.join(two, "s", Kind.SEMAPHORE);
        bench.join(three, "s", Kind.SEMAPHORE);
        bench.answers(two);
    }

    @Test
    void whereThereIsNoMemoryTheyStayUntilThereIs() {
        bench.bench.memory.limit(0);
        bench.close(one, object);
        assertThat(bench.entry(object).group()).contains(bench.id(one));
        assertThat(bench.bench.log).singleElement().asString().startsWith("INFO semaphore \"s\" stays in memory of a client");
        bench.bench.registry.roomAgain();
        assertThat(bench.entry(object).group()).contains(bench.id(one));
        bench.bench.memory.limit(1);
        bench.bench.registry.roomAgain();
        assertThat(bench.entry(object).group()).containsExactly(bench.id(two), bench.id(three));
        assertThat(bench.bench.registry.delayed()).isZero();
    }

    /** Nobody comes to tell: it is seen when the connection has ended, and when the word has moved. */
    @Test
    void whatWhoLivesHasSignaledWithoutAConnectionIsSeen() {
        int first = bench.any(two, wanted(object, SemaphoreRule.ACQUIRE, 1));
        int second = bench.any(two, wanted(object, SemaphoreRule.ACQUIRE, 1));
        bench.bench.full.add(three);
        assertThat(bench.write(object, SemaphoreRule.RELEASE, 1)).as("he would tell").isTrue();
        bench.bench.registry.ended(one, false);
        assertThat(bench.answers(two)).containsExactly(taken(first, 0));
        assertThat(bench.write(object, SemaphoreRule.RELEASE, 1)).isTrue();
        bench.bench.full.clear();
        bench.bench.registry.roomAgain();
        assertThat(bench.entry(object).group()).containsExactly(bench.id(two), bench.id(three));
        assertThat(bench.answers(two)).contains(taken(second, 0));
    }
}
