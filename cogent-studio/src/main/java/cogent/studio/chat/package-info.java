/** Talking with the models of a run. */
@NullMarked
package cogent.studio.chat;

import org.jspecify.annotations.NullMarked;
