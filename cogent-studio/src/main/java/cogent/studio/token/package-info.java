/** A sample as the student reads it: token by token, what is trained on, and how probable it finds that. */
@NullMarked
package cogent.studio.token;

import org.jspecify.annotations.NullMarked;
