package io.hybridsync.broker;

import io.hybridsync.error.AccessDeniedException;
import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.ProtocolException;
import io.hybridsync.kernel.Fd;
import io.hybridsync.kernel.Memfd;
import io.hybridsync.kernel.Stat;
import io.hybridsync.slab.MappedSlab;
import io.hybridsync.slab.MappedSlabs;
import io.hybridsync.slab.Slab;
import io.hybridsync.wire.LockFile;
import io.hybridsync.wire.Memory;
import io.hybridsync.wire.Message;
import org.jspecify.annotations.Nullable;

/** Memory that the kernel lets processes share. What a client hands over is checked before it is mapped. */
final class SharedStorage implements Storage {

    private final MappedSlabs slabs;
    private final Register register;

    SharedStorage(MappedSlabs slabs, Register register) {
        this.slabs = slabs;
        this.register = register;
    }

    @Override
    public Slab create(long id, int size) {
        return slabs.create(id, size);
    }

    @Override
    public Slab createOwn(long id, int size) {
        return slabs.createForOneWriter(id, size);
    }

    @Override
    public Object identity(@Nullable Fd fd, Message.Hand hand) {
        Memfd.require(there(fd));
        return identity(there(fd));
    }

    private static LockFile.Identity identity(Fd fd) {
        Stat stat = Stat.of(fd);
        return new LockFile.Identity(stat.device(), stat.inode());
    }

    @Override
    public Object identity(Slab journal) {
        return identity(((MappedSlab) journal).memfd().fd());
    }

    @Override
    public Chronicle chronicle() {
        return new Chronicle(register.journals().stream()
                .map(named -> new Chronicle.Line(named.file(), named.incarnation()))
                .toList());
    }

    @Override
    public void write(Chronicle chronicle) {
        register.write(chronicle.lines().stream()
                .map(line -> new LockFile.Named((LockFile.Identity) line.file(), line.incarnation()))
                .toList());
    }

    @Override
    public int lastClient() {
        return register.lastClient();
    }

    @Override
    public void reserveClients(int last) {
        register.reserveClients(last);
    }

    /** Also sealed memory cannot be mapped by a descriptor that was opened for less. */
    @Override
    public Slab adopt(@Nullable Fd fd, Message.Hand hand) {
        try {
            return switch (hand.memory()) {
                case SLAB -> slabs.map(hand.id(), Memfd.receive(there(fd), hand.size()));
                case OWN, JOURNAL -> MappedSlabs.mapForReading(hand.id(), Memfd.receiveForReading(there(fd), hand.size()));
                case LEDGER -> throw new ProtocolException("this broker takes no " + Memory.LEDGER);
            };
        } catch (AccessDeniedException e) {
            throw new ProtocolException("it hands over a " + hand.memory() + " that cannot be mapped: " + e.getMessage());
        }
    }

    private static Fd there(@Nullable Fd fd) {
        if (fd == null) {
            throw new LimitExceededException("the broker has no descriptor left: raise its limit of open files (ulimit -n)");
        }
        return fd;
    }
}
