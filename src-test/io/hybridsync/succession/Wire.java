package io.hybridsync.succession;

import io.hybridsync.broker.Reign;
import io.hybridsync.client.Ground;
import io.hybridsync.client.Parcel;
import java.util.ArrayDeque;
import java.util.Deque;

/** A connection of a client to a broker. What was said before one of the two died can be read by the other. */
final class Wire implements Ground.Line {

    final long key;
    final Member member;
    final Deque<Parcel> up = new ArrayDeque<>();
    final Deque<Parcel> down = new ArrayDeque<>();
    private final int room;
    boolean accepted;
    boolean ended;

    /** The client has handed over what it has. */
    boolean handedOver;
    private boolean brokerGone;

    /** @param room how many messages there may be that the client has not read */
    Wire(long key, Member member, int room) {
        this.key = key;
        this.member = member;
        this.room = room;
    }

    /** The broker says something. */
    Reign.Sent send(Parcel parcel) {
        if (member.isDead()) {
            return Reign.Sent.GONE;
        }
        if (!hasRoom()) {
            return Reign.Sent.NO_ROOM;
        }
        down.add(parcel);
        return Reign.Sent.ACCEPTED;
    }

    boolean hasRoom() {
        return down.size() < room;
    }

    /** The broker is dead, or has hung up. */
    void cut() {
        brokerGone = true;
        up.clear();
    }

    @Override
    public boolean say(Parcel parcel) {
        if (!brokerGone) {
            up.add(parcel);
        }
        return !brokerGone;
    }

    @Override
    public boolean hasNews() {
        return !down.isEmpty();
    }

    @Override
    public boolean isOver() {
        return brokerGone && down.isEmpty();
    }

    @Override
    public Parcel read() {
        return down.remove();
    }
}
