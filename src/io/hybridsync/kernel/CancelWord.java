package io.hybridsync.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.Set;

/**
 * A futex word that changes when its thread is interrupted.
 *
 * <p>A thread in a downcall does not notice {@link Thread#interrupt}. But the JDK has to get a thread out of a
 * selector, and the way it does that is open to every subclass of AbstractSelector: between {@link #arm} and {@link
 * #disarm} an interrupt calls {@link #wakeup} in the interrupting thread (or at once in arm, when the thread is
 * interrupted already). Here wakeup adds one to the word and wakes it, so who sleeps on it as well is woken.
 *
 * <p>The interrupter calls wakeup after it has let go of the thread's lock, so wakeup may come after disarm, even
 * during a later wait. The word is therefore a hint, read before arm and compared by the kernel: what counts is the
 * thread's interrupt status. And it is never freed while this object is reachable, which the interrupter sees to.
 */
class CancelWord extends AbstractSelector {

    private static final VarHandle WORD = JAVA_INT.varHandle();

    private final MemorySegment memory = Arena.ofAuto().allocate(JAVA_INT);

    CancelWord() {
        super(null);
    }

    long address() {
        return memory.address();
    }

    int value() {
        return (int) WORD.getVolatile(memory, 0L);
    }

    void arm() {
        begin();
    }

    void disarm() {
        end();
    }

    @Override
    public Selector wakeup() {
        try {
            int _ = (int) WORD.getAndAdd(memory, 0L, 1);
            Futex.wake(memory.address(), Integer.MAX_VALUE);
        } finally {
            Reference.reachabilityFence(this);
        }
        return this;
    }

    @Override
    protected void implCloseSelector() {}

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int operations, Object attachment) {
        throw notASelector();
    }

    @Override
    public Set<SelectionKey> keys() {
        throw notASelector();
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        throw notASelector();
    }

    @Override
    public int selectNow() {
        throw notASelector();
    }

    @Override
    public int select(long timeoutMillis) {
        throw notASelector();
    }

    @Override
    public int select() {
        throw notASelector();
    }

    private static UnsupportedOperationException notASelector() {
        return new UnsupportedOperationException("It borrows a selector's wake-up, nothing else.");
    }
}
