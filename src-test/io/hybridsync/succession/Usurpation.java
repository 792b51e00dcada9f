package io.hybridsync.succession;

import static io.hybridsync.succession.Theme.ALL;
import static io.hybridsync.succession.Theme.CONDITIONS;
import static io.hybridsync.succession.Theme.CORRUPTION;
import static io.hybridsync.succession.Theme.DEAD_THREADS;
import static io.hybridsync.succession.Theme.EVENTS;
import static io.hybridsync.succession.Theme.FAIR;
import static io.hybridsync.succession.Theme.GLOBAL;
import static io.hybridsync.succession.Theme.LEASES;
import static io.hybridsync.succession.Theme.LEASES_AT_BROKER;
import static io.hybridsync.succession.Theme.MOVING;
import static io.hybridsync.succession.Theme.MUTEXES;
import static io.hybridsync.succession.Theme.OUTCASTS;

import io.hybridsync.object.model.Patch;
import java.util.ArrayList;
import java.util.List;

/** What is tempting and wrong where brokers die and others come after them, with the theme that shows it and what is seen then. */
enum Usurpation {
    // A move: its steps, and what a successor makes of each.
    UNLOCKS_THE_NEW_PLACE_BEFORE_ALL_ARE_TOLD(MOVING, "semaphore thing",
            "broker/Move", "to.cell().store(to.pack(value, Word.flags(word) | Word.LOCKED));",
            "to.cell().store(to.pack(value, Word.flags(word)));"),
    TELLS_AFTER_THE_TOMBSTONE_IS_THERE(MOVING, "",
            "broker/Move", "if (!tell(word, lock)) {\n            return unlock(word, lock);\n        }\n", "",
            "broker/Move", "        wakeAll();\n        return buried", "        var _ = tell(word, lock);\n        wakeAll();\n        return buried"),
    TELLS_SOME(MOVING, "",
            "broker/Movers", "&& members.stream().allMatch(session ->", "&& members.stream().anyMatch(session ->"),
    UNLOCKS_THE_OLD_PLACE_ALTHOUGH_THE_NEW_ONE_COUNTS(MOVING, "semaphore thing",
            "broker/Whereabouts", "if ((Word.flags(word) & CLAIMS) == 0 && (committed", "if (move.move() < 0 && (committed"),
    FINISHES_WHAT_WAS_NOT_COMMITTED(MOVING, "",
            "broker/Whereabouts", "if ((Word.flags(word) & CLAIMS) == 0 && (committed", "if ((committed"),
    FORGETS_WHAT_WAS_TOLD(MOVING, "",
            "client/Places", "                .sorted(Comparator.comparingInt(Told::move))\n", "                .filter(move -> false)\n"),
    STOPS_WAITING_TO_BE_TOLD(MOVING, "waits in vain to be told",
            "client/Places", "told.values().removeIf(CompletableFuture::isDone);", "told.clear();"),
    WAKES_NOBODY(MOVING, "asleep while it could be taken",
            "broker/Reinstatement", "            object.wakeAfterDeath();\n", ""),
    LEAVES_SLEEPERS_AT_TOMBSTONES(MOVING, "a place is never left",
            "broker/Reinstatement", "                Whereabouts.wake(piece.slab().cell(offset));\n", "",
            "client/Places", "        } else if (slot != null) {\n            wake(slot);\n", "        } else if (slot == null) {\n            gone = false;\n",
            "client/Places", "            go(from, slabs.slot(now));\n            wake(from);\n", "            go(from, slabs.slot(now));\n"),

    // What was promised.
    TELLS_BEFORE_IT_IS_NOTED_DOWN(ALL, "of ",
            "broker/Grants", "        journal.write(", "        Runnable note = () -> journal.write(",
            "broker/Grants", "told = effects.tell(session.connection(), reply);",
            "told = effects.tell(session.connection(), reply);\n            note.run();"),
    NOTES_IT_DOWN_WHEN_IT_IS_DONE(ALL, "of ",
            "broker/Grants", "        journal.write(", "        Runnable _ = () -> journal.write("),
    LEAVES_WHAT_IS_DONE_IN_THE_JOURNAL(ALL, "of ",
            "broker/Grants", "    void kept() {\n        journal.clear();", "    void kept() {",
            "broker/Journal", "    void write(Entry entry) {\n        clear();\n", "    void write(Entry entry) {\n"),
    DOES_NOT_REDO(ALL, "of ", "broker/Registry", "        redo.run(takeOver.legacy());\n", ""),
    REDOES_NO_WORD_OF_THE_BROKERS_OWN(FAIR, "of ",
            "broker/Reinstatement", "redo.of(home, slot.load())", "slot.load()"),
    OWES_NOTHING(ALL, "of ", "broker/Registry", "session.owe(debt.reply());", ""),
    INHERITS_NO_DEBTS(FAIR, "of ", "broker/Registry", "        grants.inherit(redo);\n", ""),
    CHANGES_A_WORD_BEFORE_ALL_KNOW_WHERE_IT_IS(FAIR, "of ",
            "broker/Grants", "return object.untold().ids().stream().noneMatch(object.holders()::contains);", "return true;"),

    // The dead, and who has come since.
    LEAVES_MUTEXES_TO_THE_DEAD(MUTEXES, "mutex thing",
            "broker/Registry", "        catalog.forEach(object -> disown(object, late));\n", "",
            "broker/Holdings", "        abandonments.moved(object);\n", ""),
    LEAVES_LEASES_TO_THE_DEAD(LEASES, "of ",
            "broker/Leases", "holders.put(object, object.holders().with(NOBODY));", "holders.put(object, object.holders());"),
    FORGETS_PERMITS_THAT_WERE_PROMISED(LEASES, "",
            "broker/Reinstatement", "        redo.debts().forEach(debt -> grant(object, debt));\n", ""),
    FORGETS_PERMITS_THAT_BROKERS_TOOK(LEASES_AT_BROKER, "",
            "broker/Reinstatement", "            holdings.leases().granted(id, object, statement.granted());\n", ""),

    // Signals of conditions.
    UNLOCKS_BEFORE_IT_IS_QUEUED(CONDITIONS, "waits in vain for a signal",
            "client/SignalQueue", "            Message.Done _ = connection.ask(Message.Sync::new",
            "            int times = mutex.unlockAll();\n            Message.Done _ = connection.ask(Message.Sync::new",
            "client/SignalQueue", "            return mutex.unlockAll();\n", "            return times;\n"),
    SIGNALS_OF_THE_DEAD_ARE_NOBODYS(CONDITIONS, "waits in vain for a signal",
            "broker/Waits", "                conditions.passOn(ticket);\n", "                conditions.forget(ticket);\n"),
    SAYS_THAT_IT_IS_BACK_BEFORE_IT_IS(CONDITIONS, "waits in vain for a signal",
            "client/SignalQueue", "            try {\n                mutex.relock(times",
            "            try {\n                leave(wait, signaled, true);\n                mutex.relock(times"),

    // Threads that have ended.
    MINDS_NO_THREADS(DEAD_THREADS, "mutex thing",
            "client/OwnerWatch", "        if (ownership.takeFromDead()) {", "        if (ownership == null) {"),
    MARKS_WHAT_ANOTHER_THREAD_HAS(DEAD_THREADS, "",
            "object/Ownership", "thread.getState() == Thread.State.TERMINATED && ", ""),
    SAYS_NOTHING_OF_WHAT_WAS_ABANDONED(DEAD_THREADS, "",
            "object/MultiWait", "asked.get(i).taken(grant.abandoned().contains(i));", "asked.get(i).taken(false);"),

    // Clients that come too late, or are expelled, and live.
    LEAVES_MUTEXES_TO_THE_LATE(OUTCASTS, "",
            "broker/Registry", "        catalog.forEach(object -> disown(object, late));\n", "",
            "broker/Abandonments", "owner -> !object.holders().contains(owner)", "owner -> false"),
    MOVES_NOTHING_AWAY_FROM_THE_LATE(OUTCASTS, "",
            "broker/Registry", "                        late.filter(client -> grants.mayHave(client, slab)));", "                        MemberSet.NONE);"),
    FORGETS_WHOM_IT_HAS_EXPELLED(OUTCASTS, "",
            "broker/Registry", "        late.ids().forEach(this::remember);\n", ""),
    FORGETS_WHOM_THE_ONE_BEFORE_HAS_EXPELLED(OUTCASTS, "",
            "broker/Registry", "            refuse(last.outcasts());\n", ""),

    // Words that somebody has written to.
    LETS_WAITS_FOR_A_BAD_WORD_GO_ON(CORRUPTION, "waits for what is corrupted",
            "broker/Waits", "        if (object.isCorrupted()) {\n            fail(object);\n        } else if (queue == null) {", "        if (queue == null) {"),
    BELIEVES_A_BAD_WORD_OF_THE_ONE_BEFORE(CORRUPTION, "it is corrupted",
            "broker/Reinstatement", "        condemnIf(!place.sound(), bequest, object);\n        Step.unsubscribe(slot);\n",
            "        if (!place.sound()) {\n            slot.cell().store(slot.pack(0, 0));\n        }\n"),

    // Events that are pulsed.
    PULSES_AND_WAKES_NOBODY(EVENTS, "waiting although it was let go",
            "object/Portion", "boolean tells = rule.signals() && !plain;",
            "boolean tells = rule.signals() && rule != EventRule.PULSE_MANUAL && !plain;"),

    // Objects that never move.
    LEAVES_TO_THE_DEAD_WHAT_DOES_NOT_MOVE(GLOBAL, "mutex thing",
            "broker/Abandonments", "owner -> owner == clientId", "owner -> false",
            "broker/Abandonments", "owner -> !object.holders().contains(owner)", "owner -> false");

    private final Theme theme;
    private final String violation;

    @SuppressWarnings("ImmutableEnumChecker") // a list that does not change
    private final List<Patch> patches = new ArrayList<>();

    Usurpation(Theme theme, String violation, String... patches) {
        this.theme = theme;
        this.violation = violation;
        for (int i = 0; i < patches.length; i += 3) {
            this.patches.add(new Patch(patches[i], patches[i + 1], patches[i + 2]));
        }
    }

    Theme theme() {
        return theme;
    }

    /** How what is seen begins. */
    String violation() {
        return violation;
    }

    List<Patch> patches() {
        return patches;
    }
}
