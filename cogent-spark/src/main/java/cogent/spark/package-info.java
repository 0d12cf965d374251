/** The curation of a DataFrame on a cluster of Apache Spark. */
@NullMarked
package cogent.spark;

import org.jspecify.annotations.NullMarked;
