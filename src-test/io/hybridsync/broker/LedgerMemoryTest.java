package io.hybridsync.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.kernel.OpenFiles;
import io.hybridsync.slab.Slab;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How many ledgers a broker maps. */
@ExtendWith(OpenFiles.class)
class LedgerMemoryTest {

    private static final int PAGE = 4096;

    private final LedgerMemory memory = new LedgerMemory(4);

    @AfterEach
    void close() {
        memory.close();
    }

    private Slab map(int size) {
        return memory.map(size, Memfd.create("ledger", size).fd());
    }

    private void assertFull(int size) {
        assertThatThrownBy(() -> map(size))
                .isInstanceOf(LimitExceededException.class)
                .hasMessageContainingAll("4 ledgers", "vm.max_map_count");
    }

    @Test
    void allClientsTogetherHaveSoManyAndNoMore() {
        Slab first = map(PAGE);
        map(2 * PAGE);
        map(PAGE);
        assertFull(2 * PAGE);
        map(PAGE);
        assertFull(PAGE);
        memory.forget(first);
        assertFull(2 * PAGE);
        assertThat(map(PAGE).size()).as("where the first was").isEqualTo(PAGE);
        assertFull(PAGE);
    }

    /** Addresses of large ones that were given back are no good for small ones, with which everybody begins. */
    @Test
    void largeOnesLeaveRoomForSmallOnes() {
        Slab first = map(2 * PAGE);
        Slab second = map(4 * PAGE);
        memory.forget(first);
        memory.forget(second);
        assertFull(8 * PAGE);
        map(PAGE);
        map(PAGE);
        assertFull(PAGE);
    }

    @Test
    void theKernelsLimitIsReadWhole() throws IOException {
        byte[] digits = new byte[32];
        try (InputStream in = new FileInputStream("/proc/sys/vm/max_map_count")) {
            int length = in.read(digits);
            String limit = new String(digits, 0, length, StandardCharsets.US_ASCII);
            assertThat(LedgerMemory.mappings()).isEqualTo(Integer.parseInt(limit.strip())).isGreaterThan(1000);
        }
    }

    @Test
    void mostMappingsAreLeftForSlabs() {
        assertThat(LedgerMemory.most(65530)).isEqualTo(16382);
        assertThat(LedgerMemory.most(1000)).isEqualTo(250);
        assertThat(LedgerMemory.most(Integer.MAX_VALUE)).isEqualTo(16384);
    }
}
