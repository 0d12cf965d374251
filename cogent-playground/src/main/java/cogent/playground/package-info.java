/** The built-in arithmetic world and its rule-based chat model. */
@NullMarked
package cogent.playground;

import org.jspecify.annotations.NullMarked;
