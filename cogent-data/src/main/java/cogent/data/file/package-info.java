/**
 * Files of JSON rows: JSON Lines, JSON arrays, Parquet and CSV, read one row at a time and written whole or not at all.
 * Uses {@code cogent.data}.
 */
@NullMarked
package cogent.data.file;

import org.jspecify.annotations.NullMarked;
