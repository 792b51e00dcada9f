/**
 * Memory: slabs, the slots in them, and the cell through which everybody reaches a word.
 *
 * <p>A slab is one sealed memfd, mapped by the members of a process group and divided in slots. What is free and which
 * generation a slot has is private memory of the broker ({@link io.hybridsync.slab.SlabCache}); nothing in a slab is ever
 * trusted to say so. A {@link io.hybridsync.slab.Slot} is one word where this process has it mapped: it verifies and packs
 * under the base of its location. {@link io.hybridsync.slab.MappedSlabs} tells how a slab goes out of a process under the
 * eyes of threads that may still look at it.
 *
 * <p>{@link io.hybridsync.slab.Cell} is the seam: load, compare-and-set, await, wake. Shipped code reaches shared memory
 * through it alone, so that tests put a model there and run the shipped classes through every interleaving.
 */
@NullMarked
package io.hybridsync.slab;

import org.jspecify.annotations.NullMarked;
