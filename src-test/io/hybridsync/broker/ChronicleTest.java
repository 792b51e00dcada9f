package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.wire.LockFile;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChronicleTest {

    private static final Chronicle NOTHING = new Chronicle(List.of());

    private static Chronicle.Line line(int incarnation) {
        return new Chronicle.Line("file " + Math.abs(incarnation), incarnation);
    }

    private static Chronicle of(Integer... incarnations) {
        return new Chronicle(List.of(incarnations).stream().map(ChronicleTest::line).toList());
    }

    @Test
    void behindABrokersOwnIsWhatItGoesOnFrom() {
        assertThat(NOTHING.with(line(1), null)).isEqualTo(of(1));
        assertThat(of(1).with(line(2), line(1))).isEqualTo(of(2, 1));
        assertThat(of(3, 2, 1).with(line(4), line(3))).isEqualTo(of(4, 3, 2, 1));
        assertThat(of(3, 2, 1).with(line(5), line(4))).as("what nobody has written down").isEqualTo(of(5, -4));
        assertThat(of(5, -4).with(line(6), line(4))).as("nor has since").isEqualTo(of(6, -4));
    }

    @Test
    void whatIsGuessedIsNotProved() {
        Chronicle chronicle = of(5, -4);
        assertThat(chronicle.proves(line(5))).isTrue();
        assertThat(chronicle.proves(line(4))).isFalse();
        assertThat(chronicle.overrules(line(4))).isFalse();
        assertThat(chronicle.overrules(new Chronicle.Line("another file", 4))).isTrue();
    }

    @Test
    void whatItDoesNotGoOnFromIsLeftOut() {
        assertThat(of(3, 2, 1).with(line(4), line(1))).isEqualTo(of(4, 1));
        assertThat(of(3, 2, 1).with(line(4), null)).as("and if it has nothing, nothing is").isEqualTo(of(4, 3, 2, 1));
    }

    @Test
    void whatIsLeftOutIsOverruledAndWhatIsOlderThanAllIsNot() {
        Chronicle chronicle = of(4, 2);
        assertThat(List.of(5, 3)).allMatch(missed -> chronicle.overrules(line(missed)));
        assertThat(List.of(4, 2, 1)).noneMatch(other -> chronicle.overrules(line(other)));
        assertThat(chronicle.overrules(new Chronicle.Line("another file", 2))).isTrue();
        assertThat(chronicle.overrules(new Chronicle.Line("file 4", 3))).as("a file of another broker's again").isTrue();
        assertThat(NOTHING.overrules(line(1))).isFalse();
    }

    @Test
    void theFirstOnesAreForgotten() {
        Chronicle chronicle = NOTHING;
        for (int i = 0; i <= LockFile.FILES; i++) {
            chronicle = chronicle.with(line(i), i == 0 ? null : line(i - 1));
        }
        assertThat(chronicle.lines()).hasSize(LockFile.FILES).startsWith(line(LockFile.FILES)).doesNotContain(line(0));
        assertThat(chronicle.overrules(line(0))).isFalse();
    }
}
