package io.hybridsync.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hybridsync.EventSpec;
import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.MutexSpec;
import io.hybridsync.SemaphoreSpec;
import io.hybridsync.SyncDomain;
import io.hybridsync.error.LimitExceededException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that is running and may not map memory any more: who asks for what takes memory is refused, nothing is left half made,
 * all else goes on, also for others, and everything works when it may again.
 */
@Timeout(60)
class BrokerLimitsIT {

    private static final String DOMAIN = "memory";
    private static final SemaphoreSpec PERMIT = SemaphoreSpec.permits(1);

    /** So many objects fill the first slab of a group, if there is one already: for the next one memory is needed. */
    private static final int REST_OF_A_SLAB = 4096 / 64 - 1;

    @TempDir
    Path directory;

    private final List<HybridSemaphore> many = new ArrayList<>();
    private ShippedBroker broker;
    private SyncDomain one;
    private SyncDomain two;
    private HybridSemaphore ours;
    private HybridEvent theirs;
    private HybridMutex both;

    @BeforeEach
    void begin() {
        broker = ShippedBroker.start(directory, DOMAIN);
        one = broker.open();
        two = broker.open();
        ours = one.createSemaphore("ours", SemaphoreSpec.permits(2));
        theirs = two.createEvent("theirs", EventSpec.manualReset());
        both = one.createMutex("both", MutexSpec.unlocked());
        HybridMutex _ = two.openMutex("both");
        assertAllElseWorks();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        one.close();
        two.close();
        assertThat(broker.waitFor()).isZero();
        Path place = directory.resolve(DOMAIN);
        if (Files.deleteIfExists(place.resolve("broker.log"))) {
            Files.delete(place);
        }
        Residue.assertNone(directory);
    }

    /** It would move to memory that both have. */
    @Test
    void anObjectOfOthersIsNotOpened() {
        fill(() -> {
            HybridSemaphore made = one.createSemaphore("many" + many.size(), PERMIT);
            HybridSemaphore _ = two.openSemaphore("many" + many.size());
            return made;
        });
        assertRefused(() -> two.openSemaphore("ours"));
    }

    @Test
    void noneIsCreated() {
        fill(() -> one.createSemaphore(PERMIT));
        assertRefused(() -> one.createSemaphore("new", PERMIT));
    }

    @Test
    void noneIsCreatedForTheWholeDomain() {
        assertNoneIsCreated(PERMIT.global());
    }

    @Test
    void noneIsCreatedThatIsTheBrokersOwn() {
        assertNoneIsCreated(PERMIT.fair());
    }

    private void assertNoneIsCreated(SemaphoreSpec spec) {
        HybridSemaphore _ = one.createSemaphore(spec);
        fill(() -> one.createSemaphore(spec));
        assertRefused(() -> one.createSemaphore("new", spec));
    }

    /** The broker would have to see what it holds. */
    @Test
    void noLeasedOneIsCreated() {
        assertRefused(() -> one.createSemaphore("leased", PERMIT.leased()));
    }

    private void fill(Supplier<HybridSemaphore> maker) {
        for (int i = 0; i < REST_OF_A_SLAB; i++) {
            many.add(maker.get());
        }
    }

    /** Now, and not when there is memory again. */
    private void assertRefused(Supplier<HybridSemaphore> request) {
        Set<String> descriptors = Limit.descriptors(broker.pid());
        List<String> objects = objects();
        long slabs = SlabMappings.count(broker.pid());
        try (Limit _ = Limit.ofAddresses(broker.pid(), 0)) {
            assertThatThrownBy(request::get).isInstanceOf(LimitExceededException.class);
            assertAllElseWorks();
            assertThat(objects()).containsExactlyInAnyOrderElementsOf(objects);
            ClientLimitsIT.await(() -> Limit.descriptors(broker.pid()).equals(descriptors));
            assertThat(SlabMappings.count(broker.pid())).as("the broker's slabs").isEqualTo(slabs);
        }
        try (HybridSemaphore granted = request.get()) {
            int permits = granted.availablePermits();
            assertThat(granted.tryAcquire()).isTrue();
            assertThat(granted.availablePermits()).isEqualTo(permits - 1);
        }
        assertAllElseWorks();
    }

    private List<String> objects() {
        return one.objects().stream().map(object -> object.id() + " " + object.location() + object.group()).toList();
    }

    /** What is open, and newcomers. */
    private void assertAllElseWorks() {
        assertThat(ours.tryAcquire()).isTrue();
        ours.release();
        assertThat(theirs.set()).isFalse();
        assertThat(theirs.reset()).isTrue();
        assertThat(both.tryLock()).isTrue();
        both.unlock();
        try (SyncDomain newcomer = broker.open()) {
            assertThat(newcomer.objects()).hasSize(one.objects().size());
        }
    }

    /** It is closed, but its word stays where the one who has closed it may write, as long as there is no other place. */
    @Test
    void whatIsClosedStaysWhereItIsAsLongAsItHasTo() {
        fill(() -> one.createSemaphore(PERMIT));
        HybridMutex opened = two.createMutex("kept", MutexSpec.unlocked());
        HybridMutex mutex = one.openMutex("kept");
        String place = mutex.snapshot().location();
        try (Limit _ = Limit.ofAddresses(broker.pid(), 0)) {
            opened.close();
            assertThat(mutex.tryLock()).isTrue();
            assertThat(mutex.snapshot().location()).isEqualTo(place);
            assertAllElseWorks();
        }
        ClientLimitsIT.await(() -> !mutex.snapshot().location().equals(place));
        mutex.unlock();
    }
}
