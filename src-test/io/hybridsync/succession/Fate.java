package io.hybridsync.succession;

import java.util.SplittableRandom;

/** What happens to threads and processes that they do not do themselves. */
final class Fate {

    private final Realm realm;
    private final SplittableRandom random;
    private int brokersLeft;
    private int clientsLeft;
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
        return realm.members().stream().anyMatch(other -> other != member && !other.isDead());
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
            default -> {}
        }
    }

    private void succeed() {
        if (realm.throne() == null) {
            realm.succeed();
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
