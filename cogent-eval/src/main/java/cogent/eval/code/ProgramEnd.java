package cogent.eval.code;

/** How a run of a program ended. */
public enum ProgramEnd {
    EXITED,
    TIME_LIMIT,
    MEMORY_LIMIT,
    OUTPUT_LIMIT,
    PROCESS_LIMIT
}
