/** The run's page, {@code report.html}: plain functions from a record tree to one self-contained HTML file. */
@NullMarked
package cogent.cli.report;

import org.jspecify.annotations.NullMarked;
