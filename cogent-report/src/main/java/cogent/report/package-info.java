/**
 * Pages of runs, studies and comparisons: plain functions from what a run holds to one self-contained HTML file. The
 * room may use the pipeline.
 */
@NullMarked
package cogent.report;

import org.jspecify.annotations.NullMarked;
