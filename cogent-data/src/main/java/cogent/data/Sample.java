package cogent.data;

/** One triple (x, y, r) of the corpus. */
public record Sample(Problem problem, Rationale rationale) {
    public String id() {
        return problem.id();
    }
}
