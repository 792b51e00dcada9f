package io.hybridsync.chaos;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Instrumented} classes call on either side of every access. Idle until an operation begins; then it counts,
 * writes down in the {@link BlackBox}, and does what the {@link Order} says: SIGKILL by the thread itself, which does not come
 * back from that call. So memory is as the access has left it, or as it has found it.
 *
 * <p>In a broker the operation is what it does from one order on, see {@link Control}.
 *
 * <p>A load that finds in a word what the same thread's access before has found there is no access of its own: the process is
 * where it was. So a spin is one point, however long it lasts.
 */
public final class KillPoints {

    private static final MethodHandle KILL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("kill").orElseThrow(),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final int PID = (int) ProcessHandle.current().pid();

    private static final @Nullable Control CONTROL = Control.ofBroker();

    private static volatile @Nullable Operation running;
    private static volatile long epoch;

    private KillPoints() {}

    /** The calling thread begins an operation. */
    static void begin(Order order, BlackBox box) {
        box.clear();
        running = new Operation(order, box);
    }

    /** A broker has an order, or none any more. */
    private static void begin(Control control) {
        epoch = control.epoch();
        if (epoch == 0) {
            running = null;
        } else {
            begin(control.order(), control.box(control.deaths()));
        }
    }

    /** It has performed it: how many accesses its thread has made, and how many the others. */
    static int[] end() {
        Operation over = running;
        running = null;
        return over == null ? new int[2] : new int[] {over.own, over.others.get()};
    }

    /**
     * Before an access.
     *
     * @param method what is called
     * @param whole whether it is an access to 64 bits
     * @return what {@link #after} wants to know
     */
    public static long before(String method, boolean whole, long first, long second, long third) {
        if (CONTROL != null && CONTROL.epoch() != epoch) {
            begin(CONTROL);
        }
        Operation operation = running;
        if (operation == null) {
            return 0;
        }
        Access access = Access.of(method, whole);
        return operation.thread == Thread.currentThread()
                ? operation.ownBefore(access, first, second, third)
                : operation.othersBefore(access, first, second, third);
    }

    /** After the access, with what {@link #before} has returned. */
    public static void after(long before, String method, boolean whole, long first, long second, long third, long result) {
        Operation operation = running;
        if (operation == null || before == 0) {
            return;
        }
        if (operation.thread == Thread.currentThread()) {
            operation.ownAfter((int) before, Access.of(method, whole), first, second, third, result);
        } else {
            operation.othersAfter(before, result);
        }
    }

    /** An operation that a thread performs. */
    private static final class Operation {

        private static final int NO_LINE = -1;

        private final Thread thread = Thread.currentThread();
        private final Order order;
        private final BlackBox box;
        private final AtomicInteger others = new AtomicInteger();
        private final AtomicBoolean obeyed = new AtomicBoolean();

        // The thread's own.
        private int own;
        private @Nullable Access latest;
        private long latestAddress;
        private long latestWord;

        Operation(Order order, BlackBox box) {
            this.order = order;
            this.box = box;
        }

        /** A load that may find what the last one found gets its line when it has found something else. */
        long ownBefore(Access access, long first, long second, long third) {
            obey(Order.Whose.OWN, own + 1, Order.Side.BEFORE);
            boolean again = access == Access.LOAD && latest == access && latestAddress == first;
            return again ? NO_LINE : box.begin(access, true, first, second, third) + 1;
        }

        void ownAfter(int before, Access access, long first, long second, long third, long result) {
            if (before == NO_LINE && latestWord == result) {
                return;
            }
            box.end(before == NO_LINE ? box.begin(access, true, first, second, third) : before - 1, result);
            own++;
            latest = access;
            latestAddress = first;
            latestWord = result;
            obey(Order.Whose.OWN, own, Order.Side.AFTER);
        }

        long othersBefore(Access access, long first, long second, long third) {
            int number = others.incrementAndGet();
            obey(Order.Whose.OTHERS, number, Order.Side.BEFORE);
            return ((long) number << Integer.SIZE) | (box.begin(access, false, first, second, third) + 1);
        }

        void othersAfter(long before, long result) {
            box.end((int) before - 1, result);
            obey(Order.Whose.OTHERS, (int) (before >>> Integer.SIZE), Order.Side.AFTER);
        }

        private void obey(Order.Whose whose, int number, Order.Side side) {
            if (order.isAt(whose, number, side) && obeyed.compareAndSet(false, true)) {
                if (CONTROL != null) {
                    CONTROL.obeyed();
                }
                signal(order.signal());
            }
        }

        private static void signal(int signal) {
            try {
                int result = (int) KILL.invokeExact(PID, signal);
                if (result != 0) {
                    throw new IllegalStateException("kill: " + result);
                }
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
