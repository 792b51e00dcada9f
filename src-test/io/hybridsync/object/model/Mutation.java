package io.hybridsync.object.model;

import static io.hybridsync.object.model.Scenario.ADOPTING_DEATH;
import static io.hybridsync.object.model.Scenario.ADOPTING_END;
import static io.hybridsync.object.model.Scenario.ALL_OF_TWO;
import static io.hybridsync.object.model.Scenario.ANY_AND_AUTO;
import static io.hybridsync.object.model.Scenario.ANY_AND_CLOSE;
import static io.hybridsync.object.model.Scenario.ANY_AND_MOVE;
import static io.hybridsync.object.model.Scenario.ANY_OF_THREE;
import static io.hybridsync.object.model.Scenario.ANY_OF_TWO;
import static io.hybridsync.object.model.Scenario.AUTO_EVENT;
import static io.hybridsync.object.model.Scenario.AUTO_MOVE;
import static io.hybridsync.object.model.Scenario.BACK_AND_FORTH;
import static io.hybridsync.object.model.Scenario.BRIM;
import static io.hybridsync.object.model.Scenario.BULK_HANDOFF;
import static io.hybridsync.object.model.Scenario.BULK_MOVE;
import static io.hybridsync.object.model.Scenario.CLOSED_LEASES;
import static io.hybridsync.object.model.Scenario.CORRUPT;
import static io.hybridsync.object.model.Scenario.CORRUPT_AND_CLOSE;
import static io.hybridsync.object.model.Scenario.EITHER;
import static io.hybridsync.object.model.Scenario.EVERYTHING_CORRUPT;
import static io.hybridsync.object.model.Scenario.HANDOFF;
import static io.hybridsync.object.model.Scenario.LEASES;
import static io.hybridsync.object.model.Scenario.MANUAL_EVENT;
import static io.hybridsync.object.model.Scenario.MANUAL_MOVE;
import static io.hybridsync.object.model.Scenario.MANUAL_SET_TWICE;
import static io.hybridsync.object.model.Scenario.MOVE;
import static io.hybridsync.object.model.Scenario.MOVE_AND_CLOSE;
import static io.hybridsync.object.model.Scenario.PLAIN_HANDOFF;
import static io.hybridsync.object.model.Scenario.PULSED_AUTO;
import static io.hybridsync.object.model.Scenario.PULSED_MANUAL;
import static io.hybridsync.object.model.Scenario.REFUSING_DEATH;
import static io.hybridsync.object.model.Scenario.REFUSING_MUTEX;
import static io.hybridsync.object.model.Scenario.ROLLBACK;
import static io.hybridsync.object.model.Scenario.SET_TWICE;
import static io.hybridsync.object.model.Scenario.SHARED_LEASES;
import static io.hybridsync.object.model.Scenario.STOPPED_LEASES;
import static io.hybridsync.object.model.Scenario.TAKEN_BACK;
import static io.hybridsync.object.model.Scenario.WITHHELD;

import java.util.ArrayList;
import java.util.List;

/** What is tempting and wrong, with the scenario that shows it and what is seen then. */
enum Mutation {
    // Rule 1: verify, then act.
    RULE_1_ACTS_WITHOUT_VERIFYING(CORRUPT, "an operation on a word that is bad",
            "slab/Slot", "boolean valid = Word.isValid(base, word);", "boolean valid = true;"),
    RULE_1_TRUSTS_AN_EMPTY_MEMO(CORRUPT, "an operation on a word that is bad",
            "slab/Slot", "Arrays.setAll(memo, index -> index ^ 1);", "Arrays.fill(memo, 0);"),
    RULE_1_DOUBTS_WITHOUT_LOOKING_WHERE_THE_WORD_IS(MOVE, "an innocent object was declared corrupt",
            "object/Portion", "if (!isSound(here, word) && slot == here) {", "if (!isSound(here, word)) {",
            "object/Portion", "        if (slot != here) {\n            return;\n        }\n        long word = here.load();\n        if (!isSound",
            "        long word = here.load();\n        if (!isSound",
            "object/Portion", "if (slot != here || isOperable(here, word)) {", "if (isOperable(here, word)) {"),

    RULE_1_TRUSTS_A_STEP_FROM_ANOTHER_PLACE("EVERYTHING_CORRUPT", "an operation on a word that is bad",
            "object/StepCache", "return slot == here && ", "return "),

    // Rule 2: a refusal leaves no trace; WAITERS is no part of the value.
    RULE_2_A_REFUSED_TRY_WRITES(HANDOFF, "a refused operation left a trace",
            "object/Portion", "                return refuse(rule, argument, value);\n",
            "                here.replace(word, data | Word.WAITERS, Word.flags(word));\n                return refuse(rule, argument, value);\n"),
    RULE_2_WAITERS_IS_PART_OF_THE_VALUE(PLAIN_HANDOFF, "ACQUIRE 1 says -1 and did 0",
            "object/Portion", "int value = data & Word.VALUE;", "int value = data;"),
    RULE_2_DROPS_WAKE_BROKER(MOVE, "a flag of the broker was changed",
            "object/Portion", "here.pack(clear ? next : next | waiters, Word.flags(word));",
            "here.pack(clear ? next : next | waiters, 0);"),

    // Rule 3: who keeps WAITERS and who clears it.
    RULE_3_RELEASE_CLEARS_AND_WAKES_ONE(PLAIN_HANDOFF, "asleep",
            "object/Portion", "boolean clear = rule.mayClearWaiters() && idleWake;", "boolean clear = rule.mayClearWaiters();",
            "object/Portion", "cleared ? Cell.ALL : count", "count"),
    RULE_3_IDLE_RELEASE_CLEARS_AND_WAKES_ONE(PLAIN_HANDOFF, "asleep",
            "object/Portion", "cleared ? Cell.ALL : count", "count"),
    RULE_3_CLEARS_AFTER_THE_RELEASE_WITH_A_FRESH_READ("PLAIN_HANDOFF TOUCH_UNNOTICED", "asleep",
            "object/Portion", "idleWake = woken == 0 && !cleared;",
            "long late = here.cell().load();\n        if (woken == 0 && isOperable(here, late)) {\n"
                    + "            here.replace(late, Word.data(late) & Word.VALUE, Word.flags(late));\n        }"),
    RULE_3_CLEARS_AFTER_THE_RELEASE_THE_VALUE_IT_WROTE("BRIEF_HANDOFF TOUCH_UNNOTICED", "asleep",
            "object/Portion", "boolean clear = rule.mayClearWaiters() && idleWake;", "boolean clear = false;",
            "object/Portion", "signal(here, rule.wakes(argument, nature.maximum()), word, clear);",
            "if (here.cell().wake(Half.DATA, 1) == 0) {\n"
                    + "                        here.replace(here.pack(next | waiters, 0), next, 0);\n                    }"),
    RULE_3_TAKER_CLEARS(PLAIN_HANDOFF, "asleep",
            "object/Portion", "boolean clear = rule.mayClearWaiters() && idleWake;", "boolean clear = !rule.signals() || idleWake;"),
    RULE_3_SLEEPS_UNANNOUNCED(PLAIN_HANDOFF, "asleep",
            "object/Want", "return (data & Word.WAITERS) != 0 || here.replace(word, data | Word.WAITERS, Word.flags(word));",
            "return true;",
            "object/Wait", "Half.DATA, data | Word.WAITERS,", "Half.DATA, data,"),
    RULE_3_ANNOUNCES_WHAT_IT_DID_NOT_WRITE(PLAIN_HANDOFF, "asleep",
            "object/Wait", "return want.announce(here, word)\n", "return want.announce(here, word) || true\n",
            "object/Wait", "Half.DATA, data | Word.WAITERS,", "Half.DATA, Word.data(here.load()),"),
    RULE_3_WAKES_BEFORE_IT_RELEASES(PLAIN_HANDOFF, "asleep",
            "object/Portion", "            boolean clear = rule.mayClearWaiters() && idleWake;",
            "            if (rule.signals()) {\n                here.cell().wake(Half.DATA, Cell.ALL);\n            }\n"
                    + "            boolean clear = false;",
            "object/Portion", "boolean tells = rule.signals() && !plain;", "boolean tells = false;"),

    // Rule 4: look once more, pass on.
    RULE_4_TIMES_OUT_WITHOUT_ANOTHER_LOOK(HANDOFF, "a time-out was reported without another look",
            "object/Wait", "            woken |= latest",
            "            if (latest == Sleep.TIMED_OUT) {\n                return false;\n            }\n            woken |= latest"),
    RULE_4_LEAVES_A_WAKE_BEHIND(ROLLBACK, "asleep while it could be taken",
            "object/Wait", "if (!taken && woken) {", "if (!taken && !woken) {"),
    RULE_4_AN_INTERRUPT_HIDES_A_WAKE(ROLLBACK, "asleep while it could be taken",
            "object/Wait", "|| latest == Sleep.INTERRUPTED;", ";"),
    RULE_4_WAKES_AS_MANY_AS_PERMITS_FOR_BULK(BULK_HANDOFF, "asleep while it could be taken",
            "object/SemaphoreRule", "maximum > 1 ? Cell.ALL : released", "released"),

    // Rule 5: the word is not touched after a release.
    RULE_5_READS_AFTER_THE_RELEASE(HANDOFF, "the word was touched after the release",
            "object/Portion", "if ((Word.data(word) & Word.WAITERS) != 0) {\n            int woken",
            "if ((Word.data(here.load()) & Word.WAITERS) != 0) {\n            int woken"),

    // Rule 6: what a futex compares.
    RULE_6_COMPLEMENT_AS_TOMBSTONE(BRIM, "asleep where the word was",
            "broker/Move", "move = after(lastMove, value);", "move = ~value & Word.VALUE;",
            "broker/Move", "from.pack(move, Word.MOVED)", "from.pack(~Word.data(word), Word.MOVED)"),
    RULE_6_TOMBSTONE_KEEPS_WAITERS(BULK_MOVE, "asleep where the word was",
            "broker/Move", "from.pack(move, Word.MOVED)", "from.pack(move | Word.data(word) & Word.WAITERS, Word.MOVED)"),
    RULE_6_AN_UNLOCK_DOES_NOT_WAKE_THE_FLAGS_HALF(ROLLBACK, "left on the flags half",
            "broker/Move", "compareAndSet(lock, word);\n        from.cell().wake(Half.FLAGS, Cell.ALL);",
            "compareAndSet(lock, word);"),
    RULE_6_A_COMMIT_DOES_NOT_WAKE_THE_FLAGS_HALF(MOVE, "left on the flags half",
            "broker/Move", "from.cell().wake(Half.DATA, Cell.ALL);\n        from.cell().wake(Half.FLAGS, Cell.ALL);",
            "from.cell().wake(Half.DATA, Cell.ALL);"),
    RULE_6_A_COMMIT_DOES_NOT_WAKE_THE_DATA_HALF(MOVE, "asleep where the word was",
            "broker/Move", "        from.cell().wake(Half.DATA, Cell.ALL);\n", ""),
    RULE_6_SLEEPS_FOR_LOCKED_ON_THE_DATA_HALF(ROLLBACK, "asleep",
            "object/Portion", "here.cell().await(Half.FLAGS, Word.flagsHalf(word), patience)",
            "here.cell().await(Half.DATA, Word.data(word), patience)"),

    // Rule 7: claims.
    RULE_7_OPERATES_ON_A_LOCKED_WORD(MOVE, "an operation on a word that is bad or claimed",
            "object/Portion", "BLOCKING = Word.LOCKED | Word.MOVED | Word.CORRUPTED;", "BLOCKING = Word.MOVED | Word.CORRUPTED;"),
    RULE_7_OPERATES_ON_A_TOMBSTONE(MOVE, "an operation on a word that is bad or claimed",
            "object/Portion", "BLOCKING = Word.LOCKED | Word.MOVED | Word.CORRUPTED;",
            "BLOCKING = Word.LOCKED | Word.CORRUPTED;"),
    RULE_7_BELIEVES_A_CLAIM_THAT_NOBODY_MAKES(CORRUPT, "somebody runs for ever",
            "object/Portion", "case REFUTED -> {\n                if (slot == here) {", "case REFUTED -> {\n                if (slot == null) {"),

    // Rule 8: the mark.
    RULE_8_MARKS_WHATEVER_IS_THERE(CORRUPT_AND_CLOSE, "a write to another object's word",
            "object/Portion", "here.cell().compareAndSet(seen, marked);",
            "if (!here.cell().compareAndSet(seen, marked)) {\n                mark(here, here.load());\n            }"),
    RULE_8_MARK_KEEPS_WAITERS(CORRUPT, "the mark is not one",
            "object/Portion", "& ~(Word.WAITERS & 0xffff_ffffL);", ";"),
    RULE_8_MARK_WAKES_ONE_HALF(CORRUPT, "asleep on a corrupted word",
            "object/Portion", "        here.cell().wake(Half.DATA, Cell.ALL);\n", ""),
    RULE_8_MARK_CHANGES_NO_DATA("CORRUPT MARK_UNNOTICED", "asleep on a corrupted word",
            "object/Portion", "long marked = (seen | (long) Word.CORRUPTED << 32) & ~(Word.WAITERS & 0xffff_ffffL);",
            "long marked = seen | (long) Word.CORRUPTED << 32;"),
    RULE_8_LATCHES_WITHOUT_MARKING(CORRUPT, "asleep on a corrupted word",
            "object/Portion", "        mark(here, word);\n", ""),

    // Section 4: moves.
    MOVE_SWITCHES_WHEN_TOLD("MOVE SWITCH_WHEN_TOLD", "an innocent object was declared corrupt"),
    MOVE_ACKNOWLEDGES_UNDER_A_SLEEPER("MOVE HASTY_ACKNOWLEDGEMENT", "somebody sleeps on another object's word"),
    MOVE_REUSES_WITHOUT_ACKNOWLEDGEMENT("MOVE NO_ACKNOWLEDGEMENT", "an innocent object was declared corrupt"),
    MOVE_TELLS_AFTER_THE_COMMIT(MOVE, "the word was unlocked at a place that its members had not been told",
            "broker/Move", "        if (!tell(word, lock)) {\n            return unlock(word, lock);\n        }\n", "",
            "broker/Move", "        wakeAll();\n        return", "        wakeAll();\n        telling.tell(move, to.location());\n        return"),
    MOVE_TELLS_AFTER_THE_TOMBSTONE(MOVE, "a member saw MOVED and had not been told",
            "broker/Move", "        if (!tell(word, lock)) {\n            return unlock(word, lock);\n        }\n", "",
            "broker/Move", "        to.cell().store(to.pack(value, Word.flags(word)));\n", "",
            "broker/Move", "        wakeAll();\n        return",
            "        wakeAll();\n        telling.tell(move, to.location());\n"
                    + "        to.cell().store(to.pack(value, Word.flags(word)));\n        return"),
    MOVE_COPIES_THE_FLAGS_WITHOUT_A_LOCK(MOVE, "the word was unlocked at a place that its members had not been told",
            "broker/Move", "to.pack(value, Word.flags(word) | Word.LOCKED)", "to.pack(value, Word.flags(word))"),
    MOVE_COPIES_BEFORE_IT_LOCKS(MOVE, "permits lost or doubled",
            "broker/Move", "    private int move;\n", "    private int move;\n    private int early;\n",
            "broker/Move", "        for (int i = 0; i < LOCK_ATTEMPTS; i++) {\n",
            "        early = Word.data(from.load()) & Word.VALUE;\n        for (int i = 0; i < LOCK_ATTEMPTS; i++) {\n",
            "broker/Move", "int value = Word.data(word) & Word.VALUE;", "int value = early;"),
    MOVE_BURIES_WHATEVER_IS_THERE(EVERYTHING_CORRUPT, "an operation on a corrupted word succeeded",
            "broker/Move", "        boolean buried = from.cell().compareAndSet(lock, from.pack(move, Word.MOVED));\n",
            "        boolean buried = true;\n        from.cell().store(from.pack(move, Word.MOVED));\n"),
    MOVE_USES_A_NUMBER_TWICE(MOVE, "an innocent object was declared corrupt",
            "broker/Move", "    public int number() {\n        return move;",
            "    public int number() {\n        return (Word.flags(from.load()) & Word.MOVED) != 0 ? move : lastMove;"),
    MOVE_TAKES_ITS_NUMBER_FROM_THE_VALUE(BACK_AND_FORTH, "an innocent object was declared corrupt",
            "broker/Move", "move = after(lastMove, value);", "move = value;"),
    MOVE_WITHOUT_GENERATIONS(MOVE, "a write to another object's word",
            "slab/SlabCache", "int generation = ++room.generations[offset / Long.BYTES];",
            "int generation = room.generations[offset / Long.BYTES] = 1;"),
    MOVE_SLEEPS_OFF_THE_SLOW_PATH(MOVE, "somebody sleeps on another object's word",
            "slab/Slot", "slow.getAndIncrement();", "slow.get();",
            "slab/Slot", "slow.getAndDecrement();", "slow.get();"),
    MOVE_COUNTS_ITSELF_AFTER_IT_LOOKED(MOVE, "somebody sleeps on another object's word",
            "object/Want", "        here.enterSlowPath();\n        if", "        if",
            "object/Want", "            here.leaveSlowPath();\n", "",
            "object/Wait", "        int data = Word.data(word);\n",
            "        int data = Word.data(word);\n        here.cell().wake(Half.DATA, 0);\n        here.enterSlowPath();\n",
            "object/Wait", "            here.leaveSlowPath();\n", "            if (here.isOnSlowPath()) {\n                here.leaveSlowPath();\n            }\n"),
    MOVE_A_LATE_THREAD_PUTS_THE_PLACE_BACK(MOVE_AND_CLOSE, "somebody runs for ever",
            "object/Portion", "            place = to;\n            slot = to;\n",
            "            slot = to;\n            to.cell().wake(Half.DATA, 0);\n            place = to;\n",
            "object/Portion", "public synchronized boolean relocate", "public boolean relocate"),

    // Section 7: death.
    DEATH_WAKES_NOBODY("DEATH SILENT_DEATH", "asleep while it could be taken"),

    // Waits for any of several.
    ANY_PASSES_NOTHING_ON(EITHER, "asleep while it could be taken",
            "object/AnyWait", "                passOn();\n", ""),
    ANY_PASSES_ONE_WORD_ON(EITHER, "asleep while it could be taken",
            "object/AnyWait", "if (want != taken) {", "if (want != taken && want == everything.getFirst()) {"),
    ANY_LOOKS_BEFORE_THE_SLEEP_HAS_ENDED(EITHER, "asleep while it could be taken",
            "object/AnyWait", "                passOn();\n", "",
            "object/AnyWait", "            if (busy == null) {", "            if (busy == null) {\n                passOn();"),
    ANY_ANNOUNCES_ONE_WORD(ANY_OF_TWO, "asleep",
            "object/AnyWait", "|| !want.announce(here, word)) {", "|| (watches.isEmpty() && !want.announce(here, word))) {",
            "object/AnyWait", "Word.data(word) | Word.WAITERS)", "Word.data(word) | (watches.isEmpty() ? Word.WAITERS : 0))"),
    ANY_SLEEPS_OFF_THE_SLOW_PATH(ANY_AND_MOVE, "somebody sleeps on another object's word",
            "object/AnyWait", "entered.add(here);", "here.leaveSlowPath();"),
    ANY_IN_THE_WRONG_ORDER(ANY_OF_TWO, "not the first that was there",
            "object/AnyWait", "for (Want want : everything) {\n            if (want.take()) {",
            "for (Want want : everything.reversed()) {\n            if (want.take()) {"),
    ANY_TAKES_WHAT_IS_BEHIND_A_CLAIM(ANY_AND_MOVE, "not the first that was there",
            "object/AnyWait", "                claimed = want;\n                return false;\n", "                claimed = want;\n"),
    ANY_TELLS_THE_SECOND_PLACE(ANY_OF_TWO, "not the first that was there",
            "object/Want", "wants.get(i).object() == object()", "wants.get(i) == this"),
    ANY_MINDS_ONE_HANDLE_OF_TWO(ANY_AND_CLOSE, "somebody runs for ever",
            "object/AnyWait", "                everything.forEach(Want::checkOpen);\n", ""),
    ANY_AN_INTERRUPT_HIDES_A_WAKE(EITHER, "asleep while it could be taken",
            "object/AnyWait", " || latest == Sleep.INTERRUPTED || latest == Sleep.TIMED_OUT;", ";"),
    ANY_KEEPS_A_WAKE_WHILE_A_WORD_IS_CLAIMED(WITHHELD, "asleep while it could be taken",
            "object/AnyWait", "            passOn();\n            slept = false;\n", ""),
    ANY_TIMES_OUT_WITHOUT_ANOTHER_LOOK(ANY_OF_THREE, "a time-out was reported without another look",
            "object/AnyWait", "                latest = sleep();\n",
            "latest = sleep();if (latest == Sleep.TIMED_OUT) return Result.TIMED_OUT;\n"),

    // Rule 9: events.
    RULE_9_PULSE_IS_SET_AND_RESET("PULSED_AUTO PULSES_BY_SET_AND_RESET TOUCH_UNNOTICED", "nobody has taken the last pulse"),
    RULE_9_PULSE_KEEPS_THE_GENERATION(PULSED_MANUAL, "waiting although it was let go",
            "object/EventRule", "return step(value) & ~SIGNALED;", "return value & ~SIGNALED;"),
    RULE_9_PULSE_WRITES_NOTHING_IF_NOBODY_SLEEPS(MANUAL_EVENT, "a signal wrote nothing",
            "object/Portion", "            int waiters = data & Word.WAITERS;\n",
            "int waiters = data & Word.WAITERS;if (rule == EventRule.PULSE_MANUAL && waiters == 0) return value;\n"),
    RULE_9_SET_THAT_FINDS_SIGNALED_WRITES_NOTHING(AUTO_EVENT, "a signal wrote nothing",
            "object/Portion", "if (next == value && !rule.signals()) {", "if (next == value) {"),
    RULE_9_SET_KEEPS_THE_GENERATION(MANUAL_EVENT, "waiting although it was let go",
            "object/EventRule", "step(value) | SIGNALED", "value | SIGNALED"),
    RULE_9_AUTO_PULSE_WAKES_ONE(PULSED_AUTO, "nobody has taken the last pulse",
            "object/EventRule", "| TOKEN;\n        }\n\n        @Override\n        public boolean signals() {\n            return true;\n"
                    + "        }\n\n        @Override\n        public int wakes(int argument, int maximum) {\n            return Cell.ALL;",
            "| TOKEN;\n        }\n\n        @Override\n        public boolean signals() {\n            return true;\n"
                    + "        }\n\n        @Override\n        public int wakes(int argument, int maximum) {\n            return 1;"),
    RULE_9_PULSE_WITHOUT_TOKEN(PULSED_AUTO, "more passed than pulses found waiting",
            "object/EventRule", "if ((value & TOKEN) != 0 && wasLetGo(value, since)) {\n                return value & ~TOKEN;",
            "if (wasLetGo(value, since)) {\n                return value;"),
    RULE_9_ANYBODY_TAKES_THE_TOKEN(PULSED_AUTO, "more passed than pulses found waiting",
            "object/EventRule", "if ((value & TOKEN) != 0 && wasLetGo(value, since)) {", "if ((value & TOKEN) != 0) {"),
    RULE_9_SIGNAL_BEFORE_TOKEN(AUTO_EVENT, "the signal was taken where the pulse",
            "object/EventRule", "            if ((value & TOKEN) != 0 && wasLetGo(value, since)) {",
            "            if ((value & SIGNALED) != 0) {\n                return value & ~SIGNALED;\n            }\n"
                    + "            if ((value & TOKEN) != 0 && wasLetGo(value, since)) {"),
    RULE_9_SET_THAT_FINDS_SIGNALED_WAKES_NOBODY(SET_TWICE, "asleep while it could be taken",
            "object/Portion", "boolean tells = rule.signals() && !plain;",
            "boolean tells = rule.signals() && next != value && !plain;"),
    RULE_9_MANUAL_SET_THAT_FINDS_SIGNALED_WAKES_NOBODY(MANUAL_SET_TWICE, "asleep while it could be taken",
            "object/Portion", "boolean tells = rule.signals() && !plain;",
            "boolean tells = rule.signals() && next != value && !plain;"),
    RULE_9_RESET_CLEARS_WAITERS(TAKEN_BACK, "asleep",
            "object/Portion", "boolean clear = rule.mayClearWaiters() && idleWake;",
            "boolean clear = rule == EventRule.RESET || (rule.mayClearWaiters() && idleWake);"),
    RULE_9_MOVE_DROPS_THE_GENERATION("MANUAL_MOVE LOSS_UNNOTICED", "waiting although it was let go",
            "broker/Move", "int value = Word.data(word) & Word.VALUE;", "int value = Word.data(word) & 1;"),
    RULE_9_MOVE_DROPS_THE_TOKEN("AUTO_MOVE LOSS_UNNOTICED", "nobody has taken the last pulse",
            "broker/Move", "int value = Word.data(word) & Word.VALUE;", "int value = Word.data(word) & Word.VALUE & ~2;"),
    RULE_9_TIMES_OUT_WHERE_THE_WORD_WAS(MANUAL_MOVE, "waiting although it was let go",
            "object/Wait", "            if (want.isUnsettled() && settle()) {\n                continue;\n            }\n", ""),
    RULE_9_TIMES_OUT_WHERE_THE_WORD_WAS_AUTO(AUTO_MOVE, "nobody has taken the last pulse",
            "object/Wait", "            if (want.isUnsettled() && settle()) {\n                continue;\n            }\n", ""),
    RULE_9_ANY_PASSES_NOTHING_ON(ANY_AND_AUTO, "asleep while it could be taken",
            "object/AnyWait", "                passOn();\n", ""),

    // Mutexes.
    MUTEX_OWNER_LEAVES_AFTER_THE_RELEASE(REFUSING_MUTEX, "unlock throws for the owner",
            "object/Mutex", "        ownership.leave();\n        long result;", "        long result;",
            "object/Mutex", "        if (result < 0) {\n            throw new Illegal",
            "        io.hybridsync.object.model.Pause.here();\n        ownership.leave();\n"
                    + "        if (result < 0) {\n            throw new Illegal"),
    MUTEX_OF_MY_CLIENT_IS_MINE(REFUSING_MUTEX, "two are inside",
            "object/Ownership", "return owner == Thread.currentThread();", "return owner != null;"),
    MUTEX_UNLOCK_CLEARS_AND_WAKES_ONE(REFUSING_MUTEX, "asleep",
            "object/Portion", "boolean clear = rule.mayClearWaiters() && idleWake;", "boolean clear = rule.mayClearWaiters();",
            "object/Portion", "cleared ? Cell.ALL : count", "count"),
    MUTEX_SLEEPS_ON_AN_ABANDONED_WORD(REFUSING_DEATH, "asleep while it could be taken",
            "object/Want", "if (wouldTake(value) || rule.endsWait(value)) {", "if (wouldTake(value)) {",
            "object/Wait", "if (latest == Sleep.TIMED_OUT || want.isHopeless()) {", "if (latest == Sleep.TIMED_OUT) {"),
    MUTEX_MARK_WAKES_ONE("REFUSING_DEATH MARK_WAKES_ONE", "asleep while it could be taken",
            "object/Wait", "if (!taken && woken) {", "if (!taken && woken && !want.isHopeless()) {"),
    MUTEX_WAKES_AND_THEN_MARKS("REFUSING_DEATH WAKES_THEN_MARKS", "asleep while it could be taken"),
    MUTEX_DEATH_WAKES_NOBODY("ADOPTING_DEATH SILENT_DEATH", "asleep while it could be taken"),
    MUTEX_MARK_IS_FREE(ADOPTING_DEATH, "not told that it was abandoned",
            "object/MutexRule", "return value == client ? OWNER_DIED : REFUSED;", "return value == client ? 0 : REFUSED;"),
    MUTEX_TAKER_IS_NOT_TOLD(ADOPTING_DEATH, "not told that it was abandoned",
            "object/Want", "taken(result == MutexRule.OWNER_DIED);", "taken(false);"),
    MUTEX_MARK_WITHOUT_THE_OWNER_THREAD(ADOPTING_END, "unlock throws for the owner",
            "object/Ownership", "        Thread thread = owner;\n",
            "        Thread thread = owner;\n        io.hybridsync.object.model.Pause.here();\n",
            "object/Ownership", "OWNER.compareAndSet(this, thread, null)", "thread.isVirtual()"),

    // Waits for all of several.
    ALL_A_WAITER_DROPS_WAKE_BROKER("ALL_OF_TWO FLAG_UNNOTICED", "pending",
            "object/Want", "data | Word.WAITERS, Word.flags(word));", "data | Word.WAITERS, 0);"),
    ALL_A_SIGNAL_IS_NOT_TOLD(ALL_OF_TWO, "the broker was not told of a signal",
            "object/Portion", "            authority.signaled(this);\n", ""),
    ALL_READS_AND_THEN_SUBSCRIBES(ALL_OF_TWO, "pending while everything is there",
            "broker/Step", "            boolean refused = next == Rule.REFUSED;\n",
            "boolean refused = next == Rule.REFUSED;long late = slot.load();found = refused ? late : found;\n"),
    ALL_SUBSCRIBES_ONLY_IN_THE_LOOK(ALL_OF_TWO, "pending",
            "broker/Step", "run(false, Word.LOCKED, Word.WAKE_BROKER)", "run(false, Word.LOCKED, 0)"),
    ALL_DEATH_WITHOUT_A_LOOK("ALL_AND_DEATH DEATH_WITHOUT_LOOK", "pending while everything is there"),
    ALL_BEGIN_TAKES(ALL_OF_TWO, "the value of a word changed that is locked",
            "broker/Step", "run(false, Word.LOCKED, Word.WAKE_BROKER)", "run(true, Word.LOCKED, Word.WAKE_BROKER)"),
    ALL_BEGIN_TAKES_AND_GIVES_BACK("BARGED LOSS_UNNOTICED", "asleep while it could be taken",
            "broker/Step", "run(false, Word.LOCKED, Word.WAKE_BROKER)", "run(true, Word.LOCKED, Word.WAKE_BROKER)"),
    ALL_UNLOCKS_WITHOUT_WAKING(ALL_OF_TWO, "left on the flags half",
            "broker/Step", "        slot.cell().wake(Half.FLAGS, Cell.ALL);\n", ""),
    ALL_TAKES_ONE_AFTER_THE_OTHER(ALL_OF_TWO, "a part was taken while another was not locked",
            "broker/Step", "run(false, Word.LOCKED, Word.WAKE_BROKER)", "run(true, 0, Word.WAKE_BROKER)",
            "broker/Transaction", "        commit();\n", ""),
    ALL_ROLLS_BACK_ALL_BUT_ONE(ALL_OF_TWO, "left on the flags half",
            "broker/Transaction", "for (int i = 0; i < at; i++) {", "for (int i = 1; i < at; i++) {"),
    ALL_COMMIT_CLEARS_WAITERS(ALL_OF_TWO, "asleep",
            "broker/Step", "maximum) | (Word.data(found) & Word.WAITERS);", "maximum);"),

    // Leases: what the dead held comes back, exactly.
    LEASE_SETTLES_WHAT_IS_UNDER_WAY(LEASES, "leased permits lost or doubled",
            "object/Ledger", "return (int) word != 0;", "return (int) word < 0;"),
    LEASE_SAYS_IT_AFTERWARDS(LEASES, "leased permits lost or doubled",
            "object/Lease", "own.storeRelease(before + 1);", ""),
    LEASE_COUNTS_BEFORE_THE_OPERATION(LEASES, "leased permits lost or doubled",
            "object/Lease", "own.storeRelease(before + 1);", "own.storeRelease(after);"),
    LEASE_LEDGERS_READ_BEFORE_THE_LOCK(LEASES, "leased permits lost or doubled",
            "broker/Settlement", "    public Result run() {\n", "    public Result run() {\n        early = held();\n",
            "broker/Settlement", "    private final int total;\n", "    private final int total;\n    private long early;\n",
            "broker/Settlement", "long held = heldOrUnlock();", "long held = early;"),
    LEASE_UNDER_WAY_WHILE_ASLEEP(LEASES, "leased permits lost or doubled",
            "object/Lease", "own.storeRelease(now);", "if (done) own.storeRelease(now);"),
    LEASE_WAITED_FOR_UNDER_LOCK(STOPPED_LEASES, "somebody runs for ever",
            "broker/Settlement", "held == UNDER_WAY && patience.getAsBoolean()", "held == UNDER_WAY"),
    LEASE_SETTLES_AND_WAKES_NOBODY("LEASES SILENT_DEATH", "asleep while it could be taken",
            "broker/Settlement", "        slot.cell().wake(Half.DATA, Cell.ALL);\n", ""),
    LEASE_RELEASES_WHAT_NOBODY_HOLDS(SHARED_LEASES, "a permit was released that nobody held",
            "object/Lease", "if (!reserve(given) && !reserveOfAll(given)) {", "if (!reserve(given) && !reserve(0)) {"),
    LEASE_SHARES_UNDER_AN_OPERATION(SHARED_LEASES, "a permit was released that nobody held",
            "object/Lease", "spare.addAndGet(idleOwn());", "spare.addAndGet(Ledger.held(Ledger.held(own.load())));"),
    LEASE_FIRST_THREAD_DOES_NOT_SEE_THAT_IT_SHARES(SHARED_LEASES, "a permit was released that nobody held",
            "object/Lease", "if (state == State.SOLE) {\n                    sole", "if (true) {\n                    sole"),
    LEASE_LOOKS_BEFORE_IT_SAYS_SO(SHARED_LEASES, "a permit was released that nobody held",
            "object/Lease", "                MINE.set(this, before + 1);\n                Barrier.light();\n                if (state == State.SOLE) {",
            "boolean first = state == State.SOLE;io.hybridsync.object.model.Pause.here();MINE.set(this, before + 1);if (first) {"),
    LEASE_CLOSES_UNDER_AN_OPERATION(CLOSED_LEASES, "a permit was released that nobody held",
            "object/Lease", "        idleOwn();\n", "",
            "object/Lease", "        idleOthers();\n", ""),
    LEASE_ENDS_BEFORE_ITS_FIRST_THREAD_IS_OUT(CLOSED_LEASES, "a ledger was written to that has ended",
            "object/Lease", "for (int looks = 1; Ledger.isUnderWay(mine); looks++) {",
            "for (int looks = 1; Ledger.isUnderWay(mine) && looks < 0; looks++) {"),
    LEASE_ENDS_BEFORE_THE_OTHERS_ARE_OUT(CLOSED_LEASES, "a ledger was written to that has ended",
            "object/Lease", "Ledger.isUnderWay(spare.get())", "Ledger.isUnderWay(common.load())"),
    LEASE_OTHERS_DO_NOT_SEE_THE_END(CLOSED_LEASES, "a ledger was written to that has ended",
            "object/Lease", "if (state != State.ENDED) {", "if (true) {"),
    LEASE_TAKES_BACK_WHAT_IT_SAID_BEFORE_THE_END(CLOSED_LEASES, "a ledger was written to that has ended",
            "object/Lease", "if (state == State.SOLE) {\n                    sole",
            "if (state != State.SOLE) { own.storeRelease(before + 1); own.storeRelease(before); } else {\n                    sole");

    private final String text;
    private final String violation;
    @SuppressWarnings("ImmutableEnumChecker") // written by the constructor alone
    private final List<Patch> patches = new ArrayList<>();

    Mutation(Scenario scenario, String violation, String... patches) {
        this(scenario.name(), violation, patches);
    }

    Mutation(String text, String violation, String... patches) {
        this.text = text;
        this.violation = violation;
        for (int i = 0; i < patches.length; i += 3) {
            this.patches.add(new Patch(patches[i], patches[i + 1], patches[i + 2]));
        }
    }

    /** The scenario and the broker's flaws. */
    String text() {
        return text;
    }

    /** How the first words of the violation go. */
    String violation() {
        return violation;
    }

    List<Patch> patches() {
        return patches;
    }
}
