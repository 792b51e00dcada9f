/**
 * Real processes are killed, with SIGKILL, before and after every single access that an operation makes: to shared memory,
 * and to the kernel. What they leave behind is judged by those who live.
 *
 * <ul>
 *   <li>{@code Instrumented} is the library, made from its own class files, with a kill point on either side of every access.
 *   <li>{@code KillPoints} is what those points do: count, write down, kill. {@code BlackBox} is what they write.
 *   <li>{@code Scene} is an operation in a situation; {@code Repertoire} has them all. {@code Prey} is the process that
 *       performs one and is killed, {@code Stage} is what the survivors have and do, {@code Trial} is one such death.
 *   <li>{@code CorruptionScene} and {@code RepairScene} spoil a word first: the one who finds it, or repairs it, dies.
 *   <li>{@code Census} finds out how many points an operation has, {@code KillPointsIT} kills at them.
 * </ul>
 */
@NullMarked
package io.hybridsync.chaos;

import org.jspecify.annotations.NullMarked;
