/** Pages as text: markup that escapes what it is given, and what all pages share. */
@NullMarked
package cogent.studio.html;

import org.jspecify.annotations.NullMarked;
