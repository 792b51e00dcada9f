/**
 * Brokers that die, and those that come after them: the shipped broker, and the shipped portions, places and requests of its
 * clients, run on the heap, one step at a time, in an order that a seed decides.
 */
@NullMarked
package io.hybridsync.succession;

import org.jspecify.annotations.NullMarked;
