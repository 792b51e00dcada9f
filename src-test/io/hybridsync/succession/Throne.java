package io.hybridsync.succession;

import io.hybridsync.broker.Reign;
import io.hybridsync.client.Parcel;
import io.hybridsync.object.model.Actor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One broker: its one thread, which deals with one event after the other, whichever comes. */
final class Throne {

    final int incarnation;
    final Actor actor;
    final List<Wire> wires = new ArrayList<>();
    private final Realm realm;
    private final List<Integer> heirs;
    private @Nullable Reign reign;
    private int departuresSeen;
    private @Nullable Member speaker;

    /** How many steps are left to it. */
    int stepsLeft;

    /** Some time has passed. */
    boolean due;

    Throne(Realm realm, int incarnation, List<Integer> heirs, int stepsLeft) {
        this.realm = realm;
        this.incarnation = incarnation;
        this.heirs = heirs;
        this.stepsLeft = stepsLeft;
        this.departuresSeen = realm.departures();
        this.actor = realm.schedule().spawn("broker " + incarnation, this::run);
    }

    private void run() {
        Reign mine = new Reign(realm, incarnation, heirs);
        reign = mine;
        realm.trace(() -> "begins, heirs " + heirs);
        for (;;) {
            realm.schedule().await(() -> !events(mine).isEmpty());
            List<Runnable> events = events(mine);
            events.get(realm.schedule().random.nextInt(events.size())).run();
        }
    }

    private List<Runnable> events(Reign mine) {
        List<Runnable> events = new ArrayList<>();
        for (Wire wire : wires) {
            if (!wire.ended) {
                collect(mine, wire, events);
            }
        }
        if (mine.isTakingOver() && departuresSeen != realm.departures()) {
            events.add(() -> {
                departuresSeen = realm.departures();
                mine.lookForHeirs();
            });
        }
        if (due) {
            events.add(() -> {
                due = false;
                mine.pass();
            });
        }
        return events;
    }

    private void collect(Reign mine, Wire wire, List<Runnable> events) {
        if (!wire.accepted) {
            events.add(() -> {
                wire.accepted = true;
                mine.connected(wire.key);
            });
        } else if (!wire.up.isEmpty()) {
            events.add(() -> {
                Parcel parcel = wire.up.remove();
                speaker = wire.member;
                mine.received(wire.key, parcel.message(), parcel.memory());
                speaker = null;
            });
        } else if (wire.member.isDead()) {
            events.add(() -> {
                wire.ended = true;
                mine.ended(wire.key);
            });
        }
        if (mine.wantsRoom(wire.key) && (wire.hasRoom() || wire.member.isDead())) {
            events.add(() -> mine.flush(wire.key));
        }
    }

    /** Whether it deals with something that was said by who is dead now. */
    boolean hearsTheDead() {
        return speaker != null && speaker.isDead();
    }

    /** What it knows; null before it knows anything. */
    @Nullable Reign reign() {
        return reign;
    }
}
