package cogent.curate.agent;

import cogent.curate.agent.Verification.Check;
import cogent.curate.agent.Verification.Finding;
import cogent.curate.agent.Verification.Result;
import cogent.data.Difficulty;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Critic's judgement of one rationale.
 *
 * @param label what is decided, or null when no vote could be read
 * @param votes every vote of the teacher asked for, in order; none where the student alone is measured
 * @param student the student's own view, where it is measured; else null
 */
public record Critique(
        @Nullable Difficulty label,
        List<AgentResult<Vote>> votes,
        @Nullable StudentView student) {
    public Critique {
        votes = List.copyOf(votes);
    }

    /** One vote with the reasoning that stood before it; empty reasoning for a bare label. */
    public record Vote(Difficulty label, String reasoning) {}

    /** How the measured student takes the rationale. */
    public record StudentView(Difficulty label, StudentProbe.Measure measure) {}

    /** The label with the most votes; among equals the one that was cast first, which a single vote would have given. */
    static Critique of(List<AgentResult<Vote>> votes) {
        List<Difficulty> cast = votes.stream()
                .flatMap(vote -> vote.found().stream())
                .map(Vote::label)
                .toList();
        Difficulty majority = null;
        long most = 0;
        for (Difficulty label : cast) {
            long count = cast.stream().filter(label::equals).count();
            if (count > most) {
                majority = label;
                most = count;
            }
        }
        return new Critique(majority, votes, null);
    }

    /** Whether the teacher finds it medium and the student, who could read it whole, alone does not. */
    public boolean onlyStudentObjects() {
        return label != Difficulty.MEDIUM
                && teacher() == Difficulty.MEDIUM
                && student != null
                && student.measure().fits();
    }

    /** The same votes and measurement, with another decision. */
    public Critique decided(Difficulty other) {
        return new Critique(other, votes, student);
    }

    /** Why there is no label; empty when there is one. */
    public String failure() {
        return votes.isEmpty() ? "" : votes.getLast().failure();
    }

    /** As a check on a rewrite, which passes when it is labelled medium. */
    public Finding asFinding() {
        List<FailedAttempt> failedAttempts =
                votes.stream().flatMap(vote -> vote.failedAttempts().stream()).toList();
        return switch (label) {
            case null -> new Finding(Check.CRITIC, Result.UNREADABLE, failure(), failedAttempts);
            case MEDIUM -> new Finding(Check.CRITIC, Result.PASSED, "medium", failedAttempts);
            case EASY ->
                new Finding(
                        Check.CRITIC,
                        Result.FAILED,
                        "too brief for the reader. " + reasoning().orElse(""),
                        failedAttempts);
            case HARD ->
                new Finding(
                        Check.CRITIC,
                        Result.FAILED,
                        "too complex for the reader. " + reasoning().orElse(""),
                        failedAttempts);
        };
    }

    /** The teacher's label: the majority of the votes, whatever the student says; null when no vote could be read. */
    @Nullable
    public Difficulty teacher() {
        return of(votes).label();
    }

    /** Share of the readable votes that went to the majority, from 0 (none readable) to 1. */
    public double agreement() {
        Difficulty majority = teacher();
        List<Vote> cast = votes.stream().flatMap(vote -> vote.found().stream()).toList();
        long agreeing = cast.stream().filter(vote -> vote.label() == majority).count();
        return cast.isEmpty() ? 0 : (double) agreeing / cast.size();
    }

    /** The reasoning of the first vote for the label. */
    public Optional<String> reasoning() {
        return votes.stream()
                .flatMap(vote -> vote.found().stream())
                .filter(vote -> vote.label() == label)
                .map(Vote::reasoning)
                .findFirst();
    }
}
