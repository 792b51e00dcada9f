package io.hybridsync.succession;

import java.util.List;
import java.util.SplittableRandom;

/** What happens to threads and processes that they do not do themselves. */
final class Fate {

    private final Realm realm;
    private final SplittableRandom random;
    private int brokersLeft;
    private int clientsLeft;
    private int haltsLeft = 2;
    private int expulsionsLeft = 1;
    private int scribblesLeft = 2;
    private final int mortality;

    Fate(Realm realm, SplittableRandom random) {
        this.realm = realm;
        this.random = random;
        this.brokersLeft = 1 + random.nextInt(4);
        this.clientsLeft = Math.max(0, random.nextInt(4) - 1);
        this.mortality = 50 + random.nextInt(500);
    }

    /** How many steps the broker that begins now may do. */
    int reign() {
        if (brokersLeft-- <= 0) {
            return Integer.MAX_VALUE;
        }
        return random.nextInt(switch (random.nextInt(3)) {
            case 0 -> 45;
            case 1 -> 160;
            default -> 700;
        });
    }

    /** Whether a client is killed before its next step. */
    boolean strikes(Member member) {
        return strikes(member, mortality);
    }

    /** @param odds one in how many */
    boolean strikes(Member member, int odds) {
        boolean struck = clientsLeft > 0 && !member.isDead() && random.nextInt(odds) == 0 && othersLive(member);
        if (struck) {
            clientsLeft--;
        }
        return struck;
    }

    /** Whether a death is due at a moment that matters. */
    boolean threatens() {
        return random.nextInt(8) == 0;
    }

    /** Whether the broker that there is outlives the run. */
    boolean isLast() {
        return brokersLeft < 0;
    }

    private boolean othersLive(Member member) {
        return realm.members().stream().anyMatch(other -> other != member && !other.isGone() && !other.isHalted());
    }

    /** Between two steps. */
    void strike() {
        switch (random.nextInt(200)) {
            case 0, 1, 2, 3, 4, 5 -> succeed();
            case 6 -> realm.dormitory().timeOutOne();
            case 7 -> realm.dormitory().wakeSpuriously();
            case 8 -> {
                Throne throne = realm.throne();
                if (throne != null && throne.reign() != null) {
                    throne.due = true;
                }
            }
            case 9 -> strikeAsleep();
            case 10, 11 -> {
                if (realm.theme().has(Trait.INTERRUPTS)) {
                    realm.dormitory().interruptOne();
                }
            }
            case 12, 13, 14 -> strikeSignaled();
            case 15, 16 -> goOn();
            case 17 -> expel();
            case 18 -> scribble();
            default -> {}
        }
    }

    private void succeed() {
        if (realm.throne() == null) {
            if (realm.theme().has(Trait.LATE_CLIENTS) && haltsLeft > 0 && random.nextInt(2) == 0) {
                halt();
            }
            realm.succeed();
        }
    }

    private void halt() {
        Member member = realm.members().get(random.nextInt(realm.members().size()));
        if (!member.isGone() && othersLive(member)) {
            haltsLeft--;
            member.halt(true);
        }
    }

    /** The broker waits no longer for those who stand still, or one of them goes on. */
    void goOn() {
        Throne throne = realm.throne();
        List<Member> halted = realm.members().stream().filter(Member::isHalted).toList();
        if (halted.isEmpty()) {
            return;
        }
        if (throne != null && throne.reign() != null && throne.isTakingOver() && random.nextInt(4) != 0) {
            throne.late = true;
        } else {
            halted.get(random.nextInt(halted.size())).halt(false);
        }
    }

    private void expel() {
        Throne throne = realm.throne();
        if (!realm.theme().has(Trait.EXPULSIONS) || expulsionsLeft == 0 || throne == null || throne.isTakingOver()) {
            return;
        }
        List<Wire> wires = throne.wires.stream()
                .filter(wire -> wire.accepted && !wire.ended && wire.member.household.isServed() && othersLive(wire.member))
                .toList();
        if (!wires.isEmpty()) {
            expulsionsLeft--;
            throne.expels = wires.get(random.nextInt(wires.size()));
        }
    }

    private void scribble() {
        List<Thing> things = List.copyOf(realm.things().values());
        if (realm.theme().has(Trait.SCRIBBLES) && scribblesLeft > 0 && !things.isEmpty()) {
            Thing thing = things.get(random.nextInt(things.size()));
            scribblesLeft -= !thing.isBad() && realm.scribble(thing) ? 1 : 0;
        }
    }

    /** Somebody is killed who was told a signal and has not made use of it. */
    private void strikeSignaled() {
        for (Member member : realm.members()) {
            if (!member.isDead() && member.household.hasUnusedSignals() && strikes(member, 4)) {
                realm.kill(member);
            }
        }
    }

    /** Somebody is killed who does nothing just now. */
    private void strikeAsleep() {
        Member member = realm.members().get(random.nextInt(realm.members().size()));
        if (strikes(member)) {
            realm.kill(member);
        }
    }
}
