package io.hybridsync.broker;

import io.hybridsync.error.LimitExceededException;
import io.hybridsync.error.SyncException;
import io.hybridsync.kernel.Closer;
import io.hybridsync.kernel.Epoll;
import io.hybridsync.kernel.Linux;
import io.hybridsync.kernel.Peer;
import io.hybridsync.kernel.SeqPacket;
import java.util.HashSet;
import java.util.Set;

/**
 * Takes those who connect, turns away whom the directory's mode does not invite, and drops who does not show in time
 * that it is a client.
 *
 * <p>When there is no descriptor for a connection, or those that clients have sent cannot be closed ({@link Closer}), it goes on
 * waiting, and so does the event that tells of it. To look at that event again at once, and again, would take all of the
 * thread: so the reception closes for a moment.
 */
final class Reception {

    private static final int ACCEPTS_PER_TURN = 64;
    private static final int STRANGERS_TO_NAME = 100;
    private static final long PAUSE_NANOS = 100_000_000;

    private final Epoll epoll;
    private final Timers timers;
    private final Seat seat;
    private final Connections connections;
    private final long handshakeNanos;
    private final long listenerKey;
    private final Set<Integer> strangers = new HashSet<>();
    private SeqPacket listener;
    private boolean isOpen;
    private boolean starved;
    private long lastKey;

    /** @param listenerKey of the events that are for {@link #accept}; those of connections are greater */
    Reception(Epoll epoll, Timers timers, Seat seat, Connections connections, long handshakeNanos, long listenerKey) {
        this.epoll = epoll;
        this.timers = timers;
        this.seat = seat;
        this.connections = connections;
        this.handshakeNanos = handshakeNanos;
        this.listenerKey = listenerKey;
        this.lastKey = listenerKey;
        this.listener = seat.socket();
        open();
    }

    private void open() {
        try {
            epoll.add(listener.fd(), Linux.EPOLLIN, listenerKey);
            isOpen = true;
        } catch (SyncException e) {
            later(e);
        }
    }

    private void closeForAMoment(SyncException why) {
        if (isOpen) {
            isOpen = false;
            epoll.remove(listener.fd());
            later(why);
        }
    }

    private void later(SyncException why) {
        if (!starved) {
            connections.log(Effects.Level.WARN, "connections have to wait: " + why.getMessage());
        }
        starved = true;
        timers.at(System.nanoTime() + PAUSE_NANOS, this::open);
    }

    /** The seat may have another socket now. */
    void follow() {
        if (listener != seat.socket()) {
            SeqPacket former = listener;
            accept();
            listener = seat.socket();
            if (isOpen) {
                epoll.remove(former.fd());
                open();
            }
            former.close();
        }
    }

    /** Takes those who wait. */
    void accept() {
        try {
            requireCloser();
            for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
                SeqPacket socket = listener.accept();
                if (socket == null) {
                    return;
                }
                starved = false;
                admit(socket);
            }
        } catch (SyncException e) {
            closeForAMoment(e);
        }
    }

    private static void requireCloser() {
        if (Closer.isBehind()) {
            throw new LimitExceededException("descriptors that clients have sent cannot be closed: see what they are files of");
        }
    }

    private void admit(SeqPacket socket) {
        try {
            Peer peer = socket.peer();
            if (seat.directory().admits(peer, socket::peerGroups)) {
                takeIn(socket, peer);
            } else {
                socket.close();
                turnedAway(peer);
            }
        } catch (SyncException e) {
            socket.close();
            throw e;
        }
    }

    private void takeIn(SeqPacket socket, Peer peer) {
        long key = ++lastKey;
        connections.add(key, socket, peer.pid());
        timers.at(System.nanoTime() + handshakeNanos, () -> connections.requireClient(key));
    }

    private void turnedAway(Peer peer) {
        if (strangers.size() < STRANGERS_TO_NAME && strangers.add(peer.uid())) {
            String who = "process %d of uid %d, gid %d".formatted(peer.pid(), peer.uid(), peer.gid());
            connections.log(Effects.Level.WARN, who + " may not use the domain, and is turned away");
        }
    }
}
