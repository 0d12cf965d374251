/** The loops: supervised fine-tuning and preference alignment. Uses all beside it. */
@NullMarked
package cogent.train.loop;

import org.jspecify.annotations.NullMarked;
