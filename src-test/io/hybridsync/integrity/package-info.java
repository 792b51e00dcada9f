/**
 * What the words' hash is worth, measured: random operations, random corruption of shared memory, random deaths. Runs as
 * a test, and by hand for as long as one likes, from nothing but the two jars: {@link io.hybridsync.integrity.Integrity}.
 *
 * <ul>
 *   <li>{@link io.hybridsync.integrity.Sieve} verifies very many wrong words, without any memory behind them.
 *   <li>{@link io.hybridsync.integrity.Siege} has clients operate on objects, in this process and in others, corrupts
 *       words under them, kills them, and knows what every operation has to answer: {@link
 *       io.hybridsync.integrity.Subject} is the model of one object.
 *   <li>{@link io.hybridsync.integrity.Tally} counts both, by {@link io.hybridsync.integrity.Sort}, against the bound.
 * </ul>
 */
@NullMarked
package io.hybridsync.integrity;

import org.jspecify.annotations.NullMarked;
