/** The part of Jinja that chat templates are written in. Uses nothing of the other rooms. */
@NullMarked
package cogent.jinja;

import org.jspecify.annotations.NullMarked;
