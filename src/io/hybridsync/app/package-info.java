/**
 * The command line: the launcher that finds a JDK, the broker as a command, and the demo, which shows the library at work
 * and checks its claims by means that do not come from the library.
 */
@NullMarked
package io.hybridsync.app;

import org.jspecify.annotations.NullMarked;
