package io.hybridsync.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;

class MembarrierTest {

    @Test
    void isThereWhereTheKernelSaysSo() {
        assertThat(Membarrier.register()).isEqualTo(Features.current().membarrier());
    }

    @Test
    void itReturnsWhenItHasBeenAnnounced() {
        assumeThat(Membarrier.register()).isTrue();
        Membarrier.fence();
        assertThat(Membarrier.register()).as("announced again").isTrue();
    }
}
