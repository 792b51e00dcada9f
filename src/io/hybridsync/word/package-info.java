/**
 * The bits of the 64-bit word: pack, unpack, hash, verify. Pure functions, no memory, no state; everything that decides
 * what a word <em>means</em> is in the room {@code object}. This room imports nothing.
 */
@NullMarked
package io.hybridsync.word;

import org.jspecify.annotations.NullMarked;
