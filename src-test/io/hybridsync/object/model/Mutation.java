package io.hybridsync.object.model;

import static io.hybridsync.object.model.Scenario.*;

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
            "object/Portion", "if (!innocent && slot == here) {", "if (!innocent) {",
            "object/Portion", "        if (slot != here) {\n            return;\n        }\n        long word = here.load();\n        boolean innocent",
            "        long word = here.load();\n        boolean innocent",
            "object/Portion", "if (slot != here || isOperable(here, word)) {", "if (isOperable(here, word)) {"),

    RULE_1_TRUSTS_A_STEP_FROM_ANOTHER_PLACE("EVERYTHING_CORRUPT", "an operation on a word that is bad",
            "object/StepCache", "step.word == word && step.slot == here &&", "step.word == word &&"),

    // Rule 2: a refusal leaves no trace; WAITERS is no part of the value.
    RULE_2_A_REFUSED_TRY_WRITES(HANDOFF, "a refused operation left a trace",
            "object/Portion", "                return Rule.REFUSED;\n",
            "                here.replace(word, data | Word.WAITERS, Word.flags(word));\n                return Rule.REFUSED;\n"),
    RULE_2_WAITERS_IS_PART_OF_THE_VALUE(PLAIN_HANDOFF, "somebody runs for ever",
            "object/Portion", "int value = data & Word.VALUE;", "int value = data;"),
    RULE_2_DROPS_WAKE_BROKER(MOVE, "a flag of the broker was changed",
            "object/Portion", "if (here.replace(word, clear ? next : next | waiters, Word.flags(word))) {",
            "if (here.replace(word, clear ? next : next | waiters, 0)) {"),

    // Rule 3: who keeps WAITERS and who clears it.
    RULE_3_RELEASE_CLEARS_AND_WAKES_ONE(PLAIN_HANDOFF, "asleep",
            "object/Portion", "boolean clear = rule.signals() && idleWake;", "boolean clear = rule.signals();",
            "object/Portion", "boolean all = cleared || maximum > 1;", "boolean all = maximum > 1;"),
    RULE_3_IDLE_RELEASE_CLEARS_AND_WAKES_ONE(PLAIN_HANDOFF, "asleep",
            "object/Portion", "boolean all = cleared || maximum > 1;", "boolean all = maximum > 1;"),
    RULE_3_CLEARS_AFTER_THE_RELEASE_WITH_A_FRESH_READ("PLAIN_HANDOFF TOUCH_UNNOTICED", "asleep",
            "object/Portion", "idleWake = woken == 0 && !cleared;",
            "long late = here.cell().load();\n        if (woken == 0 && isOperable(here, late)) {\n"
                    + "            here.replace(late, Word.data(late) & Word.VALUE, Word.flags(late));\n        }"),
    RULE_3_CLEARS_AFTER_THE_RELEASE_THE_VALUE_IT_WROTE("BRIEF_HANDOFF TOUCH_UNNOTICED", "asleep",
            "object/Portion", "boolean clear = rule.signals() && idleWake;", "boolean clear = false;",
            "object/Portion", "wake(here, argument, clear);",
            "if (here.cell().wake(Half.DATA, 1) == 0) {\n                        wake(here, argument, clear);\n"
                    + "                        here.replace(here.pack(next | waiters, 0), next, 0);\n                    }",
            "object/Portion", "boolean all = cleared || maximum > 1;", "boolean all = false;",
            "object/Portion", "int woken = here.cell().wake(Half.DATA, all ? Cell.ALL : count);", "int woken = all ? count : 0;"),
    RULE_3_TAKER_CLEARS(PLAIN_HANDOFF, "asleep",
            "object/Portion", "boolean clear = rule.signals() && idleWake;", "boolean clear = !rule.signals() || idleWake;"),
    RULE_3_SLEEPS_UNANNOUNCED(PLAIN_HANDOFF, "asleep",
            "object/Wait", "boolean announced = (data & Word.WAITERS) != 0 || here.replace(word, data | Word.WAITERS, Word.flags(word));",
            "boolean announced = true;",
            "object/Wait", "Half.DATA, data | Word.WAITERS,", "Half.DATA, data,"),
    RULE_3_ANNOUNCES_WHAT_IT_DID_NOT_WRITE(PLAIN_HANDOFF, "asleep",
            "object/Wait", "return announced\n", "return announced || true\n",
            "object/Wait", "Half.DATA, data | Word.WAITERS,", "Half.DATA, Word.data(here.load()),"),
    RULE_3_WAKES_BEFORE_IT_RELEASES(PLAIN_HANDOFF, "asleep",
            "object/Portion", "            boolean clear = rule.signals() && idleWake;",
            "            if (rule.signals()) {\n                here.cell().wake(Half.DATA, Cell.ALL);\n            }\n"
                    + "            boolean clear = false;",
            "object/Portion", "if (rule.signals() && waiters != 0) {", "if (next < 0) {"),

    // Rule 4: look once more, pass on.
    RULE_4_TIMES_OUT_WITHOUT_ANOTHER_LOOK(HANDOFF, "a time-out was reported without another look",
            "object/Wait", "            woken |= latest",
            "            if (latest == Sleep.TIMED_OUT) {\n                return false;\n            }\n            woken |= latest"),
    RULE_4_LEAVES_A_WAKE_BEHIND(ROLLBACK, "asleep while the permits are there",
            "object/Wait", "if (!taken && woken) {", "if (!taken && !woken) {"),
    RULE_4_AN_INTERRUPT_HIDES_A_WAKE(ROLLBACK, "asleep while the permits are there",
            "object/Wait", "|| latest == Sleep.INTERRUPTED;", ";"),
    RULE_4_WAKES_AS_MANY_AS_PERMITS_FOR_BULK(BULK_HANDOFF, "asleep while the permits are there",
            "object/Portion", "boolean all = cleared || maximum > 1;", "boolean all = cleared;"),

    // Rule 5: the word is not touched after a release.
    RULE_5_READS_AFTER_THE_RELEASE(HANDOFF, "the word was touched after the release",
            "object/Portion", "if (rule.signals() && waiters != 0) {",
            "if (rule.signals() && (Word.data(here.load()) & Word.WAITERS) != 0) {"),

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
            "object/Portion", "here.cell().await(Half.FLAGS, Word.flagsHalf(word), until, interruptible)",
            "here.cell().await(Half.DATA, Word.data(word), until, interruptible)"),

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
            "object/Wait", "        here.enterSlowPath();\n", "",
            "object/Wait", "        int data = Word.data(word);\n",
            "        int data = Word.data(word);\n        here.cell().wake(Half.DATA, 0);\n        here.enterSlowPath();\n"),
    MOVE_A_LATE_THREAD_PUTS_THE_PLACE_BACK(MOVE_AND_CLOSE, "somebody runs for ever",
            "object/Portion", "            place = to;\n            slot = to;\n",
            "            slot = to;\n            to.cell().wake(Half.DATA, 0);\n            place = to;\n",
            "object/Portion", "public synchronized boolean relocate", "public boolean relocate"),

    // Section 7: death.
    DEATH_WAKES_NOBODY("DEATH SILENT_DEATH", "asleep while the permits are there");

    private final String text;
    private final String violation;
    @SuppressWarnings("ImmutableEnumChecker") // written by the constructor alone
    private final List<Mutant.Patch> patches = new ArrayList<>();

    Mutation(Scenario scenario, String violation, String... patches) {
        this(scenario.name(), violation, patches);
    }

    Mutation(String text, String violation, String... patches) {
        this.text = text;
        this.violation = violation;
        for (int i = 0; i < patches.length; i += 3) {
            this.patches.add(new Mutant.Patch(patches[i], patches[i + 1], patches[i + 2]));
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

    List<Mutant.Patch> patches() {
        return patches;
    }
}
