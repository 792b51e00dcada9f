/**
 * One suite for all kinds of objects and all ways to wait: scenarios of a few steps, each written once and played in
 * every place, on every kind of thread, with the second party in this process and in another. After every step, also
 * after every refusal, the complete state of every object is read back.
 */
@NullMarked
package io.hybridsync.conformance;

import org.jspecify.annotations.NullMarked;
