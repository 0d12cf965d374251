/** HTML and SVG: pictures of curves and intervals, numbers as they are set. */
@NullMarked
package cogent.report.chart;

import org.jspecify.annotations.NullMarked;
