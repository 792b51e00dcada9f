package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemberSetTest {

    private static MemberSet of(int... ids) {
        return IntStream.of(ids).mapToObj(MemberSet::of).reduce(MemberSet.NONE, MemberSet::withAll);
    }

    @Test
    void itsIdsAreInOrderAndEachIsThereOnce() {
        assertThat(of(5, 3, 9, 3).ids()).containsExactly(3, 5, 9);
        assertThat(of(3, 5, 9).without(5).ids()).containsExactly(3, 9);
        assertThat(of(3, 5)).isEqualTo(of(5, 3)).hasSameHashCodeAs(of(5, 3)).isNotEqualTo(of(3));
    }

    /** Or else the oldest client, which has the smallest id. */
    @Test
    void thatWinsWhichMostHave() {
        assertThat(Stream.of(of(3), of(8, 9), of(7)).max(MemberSet.BY_VOTES)).hasValue(of(8, 9));
        for (List<MemberSet> order : List.of(List.of(of(3, 9), of(4, 5)), List.of(of(4, 5), of(3, 9)))) {
            assertThat(order.stream().max(MemberSet.BY_VOTES)).hasValue(of(3, 9));
        }
    }
}
