/**
 * A model of several clients and a broker: the shipped classes of the rooms {@code object} and {@code slab} run on the heap,
 * one step at a time, in an order that a seed decides.
 */
@NullMarked
package io.hybridsync.object.model;

import org.jspecify.annotations.NullMarked;
