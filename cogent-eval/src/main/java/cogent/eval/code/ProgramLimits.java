package cogent.eval.code;

import java.time.Duration;

/**
 * Bounds on one run of a program.
 *
 * @param wall time on the clock; processor time is bounded by the same
 * @param memoryBytes of all its processes together
 * @param outputBytes that it may print
 */
public record ProgramLimits(Duration wall, long memoryBytes, long outputBytes) {}
