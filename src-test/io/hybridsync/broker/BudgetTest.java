package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.object.SemaphoreRule;
import io.hybridsync.wire.Message;
import io.hybridsync.wire.Wanted;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What things cost of the heap, and the part that is for what clients cannot help. */
class BudgetTest {

    @Test
    void whatIsLongerCostsMore() {
        assertThat(Budget.ofObject("four") - Budget.ofObject("")).as("two bytes a character").isEqualTo(8);
        assertThat(Budget.ofTicket("four") - Budget.ofTicket("")).isEqualTo(8);
        assertThat(Budget.ofTicket("")).isEqualTo(Budget.ofWait(1));
        Wanted wanted = new Wanted(1, SemaphoreRule.ACQUIRE.code(), 1);
        assertThat(Budget.ofMessage(new Message.Await(1, false, List.of(wanted, wanted), List.of(wanted))))
                .as("its alert, too")
                .isEqualTo(Budget.ofWait(3));
    }

    @Test
    void aPartIsForWhatClientsCannotHelp() {
        Budget budget = new Budget(80);
        assertThat(budget.take(80)).isTrue();
        assertThat(budget.takeSpare(11)).isFalse();
        assertThat(budget.takeSpare(6)).isTrue();
        assertThat(budget.takeSpare(5)).as("what was refused has cost nothing").isFalse();
        assertThat(budget.takeSpare(4)).isTrue();
        budget.giveBackSpare(10);
        assertThat(budget.takeSpare(10)).isTrue();
        assertThat(budget.left()).isZero();
    }
}
