/** The part of Jinja that chat templates are written in. */
@NullMarked
package cogent.jinja;

import org.jspecify.annotations.NullMarked;
