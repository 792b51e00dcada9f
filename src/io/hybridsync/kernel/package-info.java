/**
 * The kernel: the only room that makes downcalls, and the only one that knows a number of the kernel's interface.
 *
 * <p><b>One shape.</b> Every downcall shape that a program links costs milliseconds before its first call, and a
 * library that stands where a semaphore stood must start fast. So there is one, {@code long syscall(long, long...)} of
 * the C library with six arguments, and all else are numbers: {@link io.hybridsync.kernel.SystemCall} lists the calls,
 * {@link io.hybridsync.kernel.Arch} has the table of the CPU, {@link io.hybridsync.kernel.Linux} and
 * {@link io.hybridsync.kernel.Errno} what is the same on all. C structs are records over a segment, their layouts drawn
 * above them. A test compiles every number and layout against the C headers of each CPU.
 *
 * <p>For the same reason what every start runs through does without lambdas and string concatenation, which the JDK
 * links at run time: they cost as much as a shape.
 *
 * <p><b>Results.</b> errno is captured in the same downcall, into memory of the calling thread, since the JVM may make
 * system calls of its own before Java code runs again. A call gives its result or minus errno, as the kernel itself
 * does. What a caller handles (try again, nobody listens, timed out) is returned like that; what is left becomes an
 * exception that names the call, its arguments, the error and a remedy. Whose call must not fail for want of stack asks for
 * {@link io.hybridsync.kernel.Headroom} before.
 *
 * <p><b>Who owns which memory.</b>
 * <ul>
 *   <li>A thread owns its {@link io.hybridsync.kernel.Scratch}: errno, and the structs of a futex call. So sleeping and
 *       waking allocate nothing. It lives as long as its thread; a virtual thread has its own too.
 *   <li>A thread owns its {@link io.hybridsync.kernel.Sleeper} and through it the
 *       {@link io.hybridsync.kernel.CancelWord}, which an interrupting thread may write to as long as it holds a
 *       reference to it, and no longer.
 *   <li>What parked threads wait for belongs to {@link io.hybridsync.kernel.Dispatchers}, whose daemon threads sleep in
 *       their place. It holds no memory of theirs: who waits keeps it mapped, and leaves nothing behind.
 *   <li>Structs of all other calls live in a confined arena for the time of the call.
 *   <li>A {@link io.hybridsync.kernel.Mapping} is unmapped when nothing reaches it or its segment. Futex calls take raw
 *       addresses, which reach nothing: their callers hold the mapping, with a reachabilityFence after the call. The
 *       calls of this room do the same for their own memory.
 *   <li>A descriptor belongs to one {@link io.hybridsync.kernel.Fd}. Its number is given back once, and not while a
 *       call is inside. Every descriptor is close-on-exec from its first moment. What others have sent is closed by
 *       {@link io.hybridsync.kernel.Closer}, for they decide how long that takes.
 * </ul>
 *
 * <p><b>Time.</b> Deadlines are absolute, in nanoseconds of {@link java.lang.System#nanoTime}, which here is the
 * kernel's CLOCK_MONOTONIC: a wait that is repeated does not grow. {@link java.lang.Long#MAX_VALUE} is for ever.
 *
 * <p>This room imports {@code error}, nothing else.
 */
@NullMarked
package io.hybridsync.kernel;

import org.jspecify.annotations.NullMarked;
