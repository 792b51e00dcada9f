package io.hybridsync.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.hybridsync.word.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values that operations can lead to, at their limits. */
class ValuesTest {

    private static final int MAXIMUM = 4;

    @ParameterizedTest
    @CsvSource({
        "SEMAPHORE, false, 0, true", "SEMAPHORE, false, 4, true", "SEMAPHORE, false, 5, false",
        "MUTEX, false, 0, true", "MUTEX, false, 0x3fffffff, true", "MUTEX, false, 0x40000000, true",
        "MUTEX, false, 0x40000001, false",
        "EVENT, false, 1, true", "EVENT, false, 2, false", "EVENT, true, 2, true", "EVENT, true, 3, true",
        "EVENT, false, 0x7ffffffd, true"
    })
    void onlyWhatOperationsLeadToIsLegal(Kind kind, boolean autoReset, String value, boolean legal) {
        assertThat(Values.isLegal(kind, autoReset, MAXIMUM, Integer.decode(value))).isEqualTo(legal);
    }
}
