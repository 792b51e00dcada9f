package io.hybridsync.object.model;

import io.hybridsync.word.Word;

/**
 * What a thread saw of an object.
 *
 * @param word the word
 * @param operable whether it was valid, and nobody claimed it
 * @param at the step
 */
record Look(long word, boolean operable, int at) {

    int value() {
        return Word.data(word) & Word.VALUE;
    }

    boolean isLocked() {
        return !operable && (Word.flags(word) & (Word.LOCKED | Word.MOVED)) == Word.LOCKED;
    }
}
