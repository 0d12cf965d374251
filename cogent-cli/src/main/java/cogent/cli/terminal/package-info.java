/** What a terminal shows and what it sends: lines that renew themselves, tables, stories, Ctrl-C. */
@NullMarked
package cogent.cli.terminal;

import org.jspecify.annotations.NullMarked;
