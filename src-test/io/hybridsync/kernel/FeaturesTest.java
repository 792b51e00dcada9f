package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OpenFiles.class)
class FeaturesTest {

    @Test
    void areProbedOnce() {
        assertThat(Features.current()).isSameAs(Features.current()).isEqualTo(Features.probe());
    }

    @Test
    void eachIsSwitchedOffByItsProperty() {
        assertSwitch("futexWaitv", Features::futexWaitv);
        assertSwitch("memfdNoexecSeal", Features::memfdNoexecSeal);
        assertSwitch("pidfd", Features::pidfd);
        assertSwitch("membarrier", Features::membarrier);
    }

    private static void assertSwitch(String feature, Predicate<Features> has) {
        String property = "hybridsync.kernel." + feature;
        System.setProperty(property, "off");
        try {
            assertThat(has.test(Features.probe())).isFalse();
            assertThat(Features.probe().report()).contains(feature + " off");
        } finally {
            System.clearProperty(property);
        }
    }

    @Test
    void theReportNamesEach() {
        assertThat(new Features(true, false, true, false).report())
                .isEqualTo("futexWaitv yes, memfdNoexecSeal absent, pidfd yes, membarrier absent");
    }
}
