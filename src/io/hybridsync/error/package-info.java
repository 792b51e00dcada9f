/**
 * Every exception that the library throws of its own: unchecked, one sealed family. A message says what was asked, what
 * was found and what to do. This room imports nothing.
 */
@NullMarked
package io.hybridsync.error;

import org.jspecify.annotations.NullMarked;
