/** Root. */
@NullMarked
package io.hybridsync;

import org.jspecify.annotations.NullMarked;
