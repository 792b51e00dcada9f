package io.hybridsync.succession;

import io.hybridsync.broker.Reign;
import io.hybridsync.client.Parcel;
import io.hybridsync.object.model.Actor;
import io.hybridsync.wire.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One broker: its one thread, which deals with one event after the other, whichever comes. */
final class Throne {

    final int incarnation;
    final Actor actor;
    final List<Wire> wires = new ArrayList<>();
    private final Realm realm;
    private final List<Integer> heirs;
    private @Nullable Reign reign;
    private final Set<Member> punctual = new HashSet<>();
    private int departuresSeen;
    private @Nullable Member speaker;

    /** How many steps are left to it. */
    int stepsLeft;

    /** Some time has passed. */
    boolean due;

    /** It has waited long enough for clients of the broker before. */
    boolean late;

    /** It is to look at all words. */
    boolean patrols;

    /** A connection is to be ended. */
    @Nullable Wire expels;

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
            realm.schedule().await(() -> hasEvents(mine));
            List<Runnable> events = events(mine);
            events.get(realm.schedule().random.nextInt(events.size())).run();
        }
    }

    private boolean hasEvents(Reign mine) {
        for (Wire wire : wires) {
            if (speaks(wire) || flows(mine, wire)) {
                return true;
            }
        }
        return due || looks(mine) || (late && mine.isTakingOver()) || patrols || expels != null;
    }

    private List<Runnable> events(Reign mine) {
        List<Runnable> events = new ArrayList<>();
        for (Wire wire : wires) {
            if (speaks(wire)) {
                events.add(() -> hear(mine, wire));
            }
            if (flows(mine, wire)) {
                events.add(() -> mine.flush(wire.key));
            }
        }
        if (looks(mine)) {
            events.add(() -> {
                departuresSeen = realm.departures();
                mine.lookForHeirs();
            });
        }
        if (late && mine.isTakingOver()) {
            events.add(() -> {
                late = false;
                wires.stream().filter(wire -> wire.handedOver).map(wire -> wire.member).forEach(punctual::add);
                realm.members().stream().filter(member -> !punctual.contains(member)).forEach(realm::doubt);
                mine.takeOverNow();
            });
        }
        if (patrols) {
            events.add(() -> {
                patrols = false;
                mine.patrol();
            });
        }
        Wire enemy = expels;
        if (enemy != null) {
            events.add(() -> {
                expels = null;
                realm.doubt(enemy.member);
                mine.expel(enemy.key);
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

    /** Whether there is something to be read from a connection, be it only that it is new, or over. */
    private static boolean speaks(Wire wire) {
        return !wire.ended && (!wire.accepted || !wire.up.isEmpty() || wire.member.isDead());
    }

    /** Whether there is room again at a connection, or will never be. */
    private static boolean flows(Reign mine, Wire wire) {
        return !wire.ended && (wire.hasRoom() || wire.member.isDead()) && mine.wantsRoom(wire.key);
    }

    private boolean looks(Reign mine) {
        return departuresSeen != realm.departures() && mine.isTakingOver();
    }

    private void hear(Reign mine, Wire wire) {
        if (!wire.accepted) {
            wire.accepted = true;
            mine.connected(wire.key);
        } else if (!wire.up.isEmpty()) {
            Parcel parcel = wire.up.remove();
            speaker = wire.member;
            wire.handedOver |= parcel.message() instanceof Message.HandedOver;
            mine.received(wire.key, parcel.message(), parcel.memory());
            speaker = null;
        } else {
            wire.ended = true;
            mine.ended(wire.key);
        }
    }

    /** Whether it has not served anybody yet, but for those of the broker before. */
    boolean isTakingOver() {
        return reign == null ? !heirs.isEmpty() : reign.isTakingOver();
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
