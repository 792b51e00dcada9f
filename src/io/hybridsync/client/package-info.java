/**
 * This process's side of a domain: the connection to the broker, the slabs that it has mapped, the private portions of the
 * objects that it has open, and their handles.
 *
 * <p>Every open domain is a client of its own ({@link io.hybridsync.client.Client}), with an id from the broker. One daemon
 * thread reads what the broker says; requests wait for their answer on the thread that asks. Operations on objects never
 * come here: they are in the room {@code object}, and touch memory only. {@code Residence} is what happens when one of them
 * finds that the word has moved.
 *
 * <p>What a client needs so that it can register all it holds with another broker is kept on this side: the ids, the
 * specifications, the places and the slabs' file descriptors.
 */
@NullMarked
package io.hybridsync.client;

import org.jspecify.annotations.NullMarked;
