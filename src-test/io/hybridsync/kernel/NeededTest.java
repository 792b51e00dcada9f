package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class NeededTest {

    @Test
    void whatIsMissingSkipsATestAndFailsItInCi() {
        Needed.that(true, "it is missing", true);
        assertThatThrownBy(() -> Needed.that(false, "it is missing", false)).isInstanceOf(TestAbortedException.class);
        assertThatThrownBy(() -> Needed.that(false, "it is missing", true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("it is missing");
    }

    @Test
    void aProgramIsLookedForInThePath() {
        Needed.program("sh");
        assertThatThrownBy(() -> Needed.program("no-such-program")).hasMessageContaining("no-such-program is not installed");
    }
}
