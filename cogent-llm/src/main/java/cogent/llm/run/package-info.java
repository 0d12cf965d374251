/** The chat models of one run, composed of all the packages beside this one. */
@NullMarked
package cogent.llm.run;

import org.jspecify.annotations.NullMarked;
