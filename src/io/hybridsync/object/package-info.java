/**
 * The meaning of a word: the rules of each kind, and the one loop that applies a rule.
 *
 * <p>An object has a shared portion, one word in a slab, and in every client a private portion
 * ({@link io.hybridsync.object.Portion}): all that must not be corruptible, and where the word lives now. A
 * {@link io.hybridsync.object.Rule} is pure: it says what value follows a value, or refuses. {@code Portion} applies it with
 * compare-and-set, waits, and deals with what the flags say. {@link io.hybridsync.object.Authority} is how it asks the
 * broker, in the rare cases where the word alone does not tell.
 *
 * <p>Permits that come back when their holder has gone are counted: {@link io.hybridsync.object.Lease} tells how a client says
 * what it holds without more than two stores, {@link io.hybridsync.object.Ledger} what that looks like.
 *
 * <p>Which protocol is applied where, and what goes wrong without each step, is told by the essay of {@code Portion}.
 */
@NullMarked
package io.hybridsync.object;

import org.jspecify.annotations.NullMarked;
