/** The vocabulary of the method as records, and the readers and writers of corpora. */
@NullMarked
package cogent.data;

import org.jspecify.annotations.NullMarked;
