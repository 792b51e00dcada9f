/**
 * Semaphores, mutexes and events that the processes of one machine share.
 *
 * <p>Everything begins with a {@link io.hybridsync.SyncDomain}, a name space of objects. {@link
 * io.hybridsync.HybridSemaphore}, {@link io.hybridsync.HybridMutex} and {@link io.hybridsync.HybridEvent} are handles to
 * objects in it; a specification, such as {@link io.hybridsync.MutexSpec}, says what an object is to be when it is created.
 * The domain waits for any or for all of several objects. What goes wrong is told by the exceptions of {@link
 * io.hybridsync.error}.
 *
 * <p>What is settled for all kinds: durations that are negative count as none, and what is too large for the clock lasts for
 * ever; null is refused with a NullPointerException that names the parameter; a call that throws has changed nothing, unless
 * its documentation says otherwise; times are measured on the monotonic clock.
 */
@NullMarked
package io.hybridsync;

import org.jspecify.annotations.NullMarked;
