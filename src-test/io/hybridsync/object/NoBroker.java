package io.hybridsync.object;

import io.hybridsync.error.CorruptedObjectException.Writer;
import io.hybridsync.slab.Patience;
import io.hybridsync.slab.Slot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Nobody but clients writes to the word: whoever asks the broker fails. */
class NoBroker implements Authority {

    @Override
    public long claimTimeoutNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public Verdict askLocked(Portion portion, Slot slot, Patience patience) {
        throw new AssertionError("nobody locks");
    }

    @Override
    public Verdict follow(Portion portion, Slot slot, Patience patience) {
        throw new AssertionError("nobody moves");
    }

    @Override
    public long operate(Portion portion, Rule rule, int argument) {
        throw new AssertionError("the word is not the broker's");
    }

    @Override
    public long look(Portion portion, Patience patience) {
        throw new AssertionError("the word is not the broker's");
    }

    @Override
    public Grant await(boolean all, List<Want> wants, @Nullable Want alert, Patience patience) {
        throw new AssertionError("nobody waits at the broker");
    }

    @Override
    public void signaled(Portion portion) {
        throw new AssertionError("nobody waits at the broker");
    }

    @Override
    public void corrupted(Portion portion, Slot slot, long word) {
        throw new AssertionError("nobody corrupts");
    }

    @Override
    public List<Writer> writers(Portion portion) {
        return List.of();
    }
}
