/**
 * What clients and the broker of a domain say to each other, and where they meet.
 *
 * <ul>
 *   <li>{@link io.hybridsync.wire.Message}: every message in one listing, with its number and its fields.
 *   <li>{@link io.hybridsync.wire.Codec}: a message as the bytes of one packet and back; refuses what is not exactly
 *       a message.
 *   <li>{@link io.hybridsync.wire.Channel}: a connection that carries messages, and file descriptors beside them.
 *   <li>{@link io.hybridsync.wire.Domain} and {@link io.hybridsync.wire.DomainDirectory}: where a domain lives in the
 *       file system, and whom to trust there; {@link io.hybridsync.wire.LockFile} decides who is its broker,
 *       {@link io.hybridsync.wire.ClientsFile} tells who is alive.
 * </ul>
 *
 * <p>Nothing here decides anything about objects: that is the broker's room, and the client's.
 */
@NullMarked
package io.hybridsync.wire;

import org.jspecify.annotations.NullMarked;
