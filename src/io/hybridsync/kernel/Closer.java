package io.hybridsync.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Closes what others have had their hands on. Whoever closes a file last does what the file wants done then, and that may last
 * as long as somebody likes: a socket with SO_LINGER waits until its peer reads, a file of a file system in user space for that
 * process. So such descriptors are closed on daemon threads.
 *
 * <pre>
 *   a descriptor                                     is closed
 *   ----------------------------------------------   ------------------------------------------------------------------
 *   that this process has made                       by whoever closes it
 *   that came with a message, sealed memory and of   the same: there is nobody to wait for
 *   bounded size
 *   that came with a message, any other              here
 *   of a connection that was accepted, and of who    here: what its peer has sent and nobody has read is closed with
 *   listens                                          it, the descriptors in it too
 * </pre>
 *
 * <p>One thread does it, as long as it gets on; one that has nothing to do for a second ends. When something waits and nothing has
 * been closed for a while another one is started, up to {@value #MOST_THREADS}: that is looked at with every descriptor that comes,
 * and by {@link #goOn}. When all are stuck what comes later waits, and stays open: {@link #isBehind} says so when that is much,
 * and then nobody new should be let in who could send more. Where no thread can be started the next look is another try.
 */
public class Closer {

    static final int MOST_THREADS = 32;
    static final int MOST_WAITING = 1024;

    /** So long nothing has been closed when a thread is taken to be stuck. */
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** And so long when all are. */
    static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Closer OURS = new Closer();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Condition idle = lock.newCondition();

    // Under the lock
    private final Deque<Integer> waiting = new ArrayDeque<>(MOST_WAITING);
    private int threads;
    private int free;
    private long lastNanos;

    Closer() {}

    /** That of this process. */
    static Closer ours() {
        return OURS;
    }

    /** Sees to it that what waits to be closed in this process does not wait for what is stuck; to be called from time to time. */
    public static void goOn() {
        OURS.relieve();
    }

    /** Whether very many descriptors wait to be closed in this process, and nothing gets on. */
    public static boolean isBehind() {
        return OURS.behind();
    }

    /** Closes a descriptor soon. Does not wait for that, unless there is no room to note it. */
    final void close(int number) {
        lock.lock();
        try {
            if (isNoted(number)) {
                more.signal();
                startIfNeeded();
                return;
            }
        } finally {
            lock.unlock();
        }
        closeNow(number);
    }

    private boolean isNoted(int number) {
        try {
            waiting.add(number);
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    final void relieve() {
        lock.lock();
        try {
            startIfNeeded();
        } finally {
            lock.unlock();
        }
    }

    private void startIfNeeded() {
        boolean stuck = free == 0 && threads < MOST_THREADS && nanoTime() - lastNanos >= PATIENCE_NANOS;
        if (!waiting.isEmpty() && (threads == 0 || stuck)) {
            start();
        }
    }

    private void start() {
        try {
            start(new Work());
            threads++;
            lastNanos = nanoTime();
        } catch (OutOfMemoryError e) {
            // There is no room for a thread: the descriptor waits for the next one.
        }
    }

    private final class Work implements Runnable {
        @Override
        public void run() {
            for (Integer next = take(); next != null; next = take()) {
                try {
                    closeNow(next);
                } catch (RuntimeException | Error e) {
                    failed(next);
                    throw e;
                }
            }
        }
    }

    /** There was no room even to try. The thread ends; another one tries again. */
    private void failed(int number) {
        lock.lock();
        try {
            threads--;
            waiting.addFirst(number);
        } finally {
            lock.unlock();
        }
    }

    /** Null when there has been nothing for some time; the thread ends then. */
    private @Nullable Integer take() {
        lock.lock();
        try {
            lastNanos = nanoTime();
            free++;
            idle.signalAll();
            for (long left = IDLE_NANOS; left > 0 && waiting.isEmpty(); ) {
                left = more.awaitNanos(left);
            }
            return taken();
        } catch (InterruptedException e) {
            // Nobody has a reason to: it is as good as the end of the wait.
            return taken();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Integer taken() {
        free--;
        lastNanos = nanoTime();
        Integer next = waiting.poll();
        if (next == null) {
            threads--;
        }
        return next;
    }

    final boolean behind() {
        lock.lock();
        try {
            return waiting.size() > MOST_WAITING && nanoTime() - lastNanos >= STUCK_NANOS;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until nothing is to be closed. */
    final void awaitIdle() throws InterruptedException {
        lock.lock();
        try {
            while (!waiting.isEmpty() || free < threads) {
                idle.await();
            }
        } finally {
            lock.unlock();
        }
    }

    void start(Runnable work) {
        Thread.ofPlatform().daemon().name("hybrid-sync closer").start(work);
    }

    void closeNow(int number) {
        SystemCall.CLOSE.call(number, 0);
    }

    long nanoTime() {
        return System.nanoTime();
    }
}
