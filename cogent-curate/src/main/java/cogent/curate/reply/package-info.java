/** What stands in a reply: a decision at its end, talk of how it was made. */
@NullMarked
package cogent.curate.reply;

import org.jspecify.annotations.NullMarked;
