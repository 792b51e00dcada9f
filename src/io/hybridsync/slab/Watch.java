package io.hybridsync.slab;

/**
 * One futex of several that a thread sleeps on.
 *
 * @param cell the word
 * @param half which half of it
 * @param expected what the half must be for the thread to sleep
 */
public record Watch(Cell cell, Half half, int expected) {}
