package io.hybridsync.slab;

import java.util.List;

/** Another cell, of which a test changes or watches something. */
public abstract class ForwardingCell extends Cell {

    private final Cell cell;

    protected ForwardingCell(Cell cell) {
        this.cell = cell;
    }

    @Override
    public long load() {
        return cell.load();
    }

    @Override
    public boolean compareAndSet(long expected, long next) {
        return cell.compareAndSet(expected, next);
    }

    @Override
    public void store(long word) {
        cell.store(word);
    }

    @Override
    public Sleep await(Half half, int expected, Patience patience) {
        return cell.await(half, expected, patience);
    }

    @Override
    public Sleep awaitAny(List<Watch> watches, Patience patience) {
        return cell.awaitAny(watches, patience);
    }

    @Override
    public int wake(Half half, int count) {
        return cell.wake(half, count);
    }

    @Override
    public void checkHeadroom() {
        cell.checkHeadroom();
    }
}
