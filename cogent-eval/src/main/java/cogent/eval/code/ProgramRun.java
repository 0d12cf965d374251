package cogent.eval.code;

/**
 * What a run of a program left.
 *
 * @param code the exit code, 0 for success
 * @param error the end of what it wrote to standard error
 */
public record ProgramRun(ProgramEnd end, int code, String output, String error) {}
