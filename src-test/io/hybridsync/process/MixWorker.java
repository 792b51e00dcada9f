package io.hybridsync.process;

import static java.util.Objects.requireNonNull;

import io.hybridsync.HybridEvent;
import io.hybridsync.HybridMutex;
import io.hybridsync.HybridObject;
import io.hybridsync.HybridSemaphore;
import io.hybridsync.Outcome;
import io.hybridsync.SyncDomain;
import io.hybridsync.WaitOptions;
import io.hybridsync.WaitResult;
import io.hybridsync.process.MixLedger.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One thread of {@link MixChild}: opens and closes objects, waits for any, all or one of them in every order, gives back
 * what it took, and opens and closes gates, which is what manual-reset events are here. While it holds something it waits
 * for more, as others do in other orders; but only for a time, so that these circles come apart.
 */
final class MixWorker implements Runnable {

    private static final int MOST_FOR_ANY = 12;
    private static final int LONGEST_WAIT_MICROS = 20_000;
    private static final int LONGEST_HOLD_NANOS = 200_000;
    private static final int FEWEST_ROUNDS = 60;

    private final SyncDomain domain;
    private final MixLedger ledger;
    private final Random random;
    private final BooleanSupplier over;
    private final Map<Integer, HybridObject> open = new HashMap<>();
    private final MixHoldings holdings;

    MixWorker(SyncDomain domain, MixLedger ledger, long who, Random random, BooleanSupplier over) {
        this.domain = domain;
        this.ledger = ledger;
        this.random = random;
        this.over = over;
        this.holdings = new MixHoldings(ledger, who, index -> requireNonNull(open.get(index)));
    }

    @Override
    public void run() {
        for (int round = 0; round < FEWEST_ROUNDS || !over.getAsBoolean(); round++) {
            closeSome();
            if (random.nextInt(10) == 0) {
                swingGate();
            } else {
                takeAndGiveBack();
            }
        }
        open.values().forEach(HybridObject::close);
        holdings.close();
    }

    private void closeSome() {
        for (Iterator<HybridObject> all = open.values().iterator(); all.hasNext(); ) {
            HybridObject object = all.next();
            if (random.nextInt(16) == 0) {
                object.close();
                all.remove();
                ledger.count(Count.CLOSED);
            }
        }
    }

    private HybridObject open(int index) {
        return open.computeIfAbsent(index, i -> {
            ledger.count(Count.OPENED);
            return Mix.open(domain, i);
        });
    }

    private void swingGate() {
        int index = random.nextInt(Mix.OBJECTS) | (Mix.Sort.values().length - 1);
        HybridEvent gate = (HybridEvent) open(index);
        boolean _ = random.nextBoolean() ? gate.reset() : gate.pulse();
        LockSupport.parkNanos(random.nextInt(LONGEST_HOLD_NANOS));
        boolean _ = gate.set();
        ledger.count(Count.GATES);
    }

    private void takeAndGiveBack() {
        try {
            take();
            while (!holdings.isEmpty() && random.nextInt(4) == 0) {
                take();
                ledger.count(Count.NESTED);
            }
            if (random.nextBoolean()) {
                LockSupport.parkNanos(random.nextInt(LONGEST_HOLD_NANOS));
            }
        } catch (InterruptedException e) {
            ledger.count(Count.INTERRUPTED);
        } finally {
            holdings.giveBack(random);
        }
    }

    private void take() throws InterruptedException {
        switch (random.nextInt(4)) {
            case 0 -> takeOne();
            case 1 -> takeAny();
            default -> takeAll();
        }
    }

    private void takeOne() throws InterruptedException {
        int index = random.nextInt(Mix.OBJECTS);
        HybridObject object = open(index);
        boolean taken = true;
        if (holdings.isEmpty() && random.nextBoolean()) {
            switch (object) {
                case HybridSemaphore semaphore -> semaphore.acquire();
                case HybridMutex mutex -> mutex.lockInterruptibly();
                case HybridEvent event -> event.await();
            }
        } else {
            int micros = random.nextInt(LONGEST_WAIT_MICROS);
            taken = switch (object) {
                case HybridSemaphore semaphore -> semaphore.tryAcquire(micros, TimeUnit.MICROSECONDS);
                case HybridMutex mutex -> mutex.tryLock(micros, TimeUnit.MICROSECONDS);
                case HybridEvent event -> event.await(micros, TimeUnit.MICROSECONDS);
            };
        }
        if (taken) {
            holdings.taken(index);
        }
        ledger.count(taken ? Count.SINGLE : Count.TIMED_OUT);
    }

    private void takeAny() throws InterruptedException {
        List<Integer> list = IntStream.range(0, random.nextInt(1, MOST_FOR_ANY))
                .mapToObj(i -> random.nextInt(Mix.OBJECTS))
                .collect(Collectors.toList());
        Wish wish = new Wish();
        WaitResult result = domain.awaitAny(objects(list), wish.options);
        if (result.outcome() == Outcome.ACQUIRED) {
            holdings.taken(list.get(result.index()));
            ledger.count(Count.ANY);
        } else {
            wish.notFulfilled(result);
        }
    }

    private void takeAll() throws InterruptedException {
        List<Integer> list = IntStream.range(0, Mix.OBJECTS).boxed().collect(Collectors.toList());
        Collections.shuffle(list, random);
        int most = random.nextInt(7);
        list = new ArrayList<>(list.subList(0, 1 << Math.min(most, random.nextInt(7))));
        Wish wish = new Wish();
        List<HybridObject> objects = objects(list);
        long start = System.nanoTime();
        WaitResult result = domain.awaitAll(objects, wish.options);
        if (result.equals(new WaitResult(Outcome.ACQUIRED, 0))) {
            ledger.waited(list.size(), System.nanoTime() - start);
            list.forEach(holdings::taken);
            ledger.count(Count.ALL);
        } else {
            wish.notFulfilled(result);
        }
    }

    private List<HybridObject> objects(List<Integer> indexes) {
        return indexes.stream().map(this::open).toList();
    }

    /** How long to wait, and sometimes an auto-reset event that ends the wait, and is taken then. */
    private final class Wish {

        private static final int NONE = -1;

        private final int alert = random.nextInt(8) == 0 ? random.nextInt(Mix.OBJECTS / 4) * 4 + 2 : NONE;
        private final boolean forever = holdings.isEmpty() && random.nextBoolean();
        final WaitOptions options = options();

        private WaitOptions options() {
            Duration micros = Duration.ofNanos(1000L * Math.max(0, random.nextInt(-1000, LONGEST_WAIT_MICROS)));
            WaitOptions time = forever ? WaitOptions.forever() : WaitOptions.within(micros);
            return alert == NONE ? time : time.alertedBy((HybridEvent) open(alert));
        }

        void notFulfilled(WaitResult result) {
            switch (result.outcome()) {
                case ALERTED -> {
                    holdings.taken(alert);
                    ledger.count(Count.ALERTED);
                }
                case TIMED_OUT -> {
                    if (forever) {
                        throw new IllegalStateException("a wait for ever has timed out");
                    }
                    ledger.count(Count.TIMED_OUT);
                }
                case ACQUIRED, ABANDONED -> throw new IllegalStateException("" + result);
            }
        }
    }
}
