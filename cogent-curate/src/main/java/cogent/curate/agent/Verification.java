package cogent.curate.agent;

import com.fasterxml.jackson.annotation.JsonAlias;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was found on a rationale.
 *
 * @param findings one for each check that was made, in order
 */
public record Verification(List<Finding> findings) {
    public Verification {
        findings = List.copyOf(findings);
    }

    /** The ways to check a rationale. They combine: all that are made must let it pass. */
    public enum Check {
        /** A chat model reads every step. */
        JUDGE,
        /** Another chat model reads every step. */
        SECOND_JUDGE,
        /** The rationale's own final answer equals the reference. */
        RULE,
        /** A reader who sees the steps without the final answer arrives at the reference. */
        BLIND,
        /** The Critic labels the rewrite medium. */
        CRITIC
    }

    /** How a check came out. */
    public enum Result {
        PASSED,
        FAILED,
        /** The rule cannot tell; neither for nor against. */
        UNDECIDED,
        /** No reply of the checking agent could be used; counts against. */
        UNREADABLE
    }

    /**
     * One check.
     *
     * @param reason the judge's own words, or what was compared
     * @param failedAttempts replies of the checking agent that could not be used
     */
    public record Finding(
            Check check,
            Result result,
            String reason,
            @JsonAlias("misses") List<FailedAttempt> failedAttempts) {
        public Finding {
            failedAttempts = List.copyOf(failedAttempts);
        }

        boolean stops() {
            return result == Result.FAILED || result == Result.UNREADABLE;
        }
    }

    /** Stopped by no check and, where any was made, passed by at least one. */
    public boolean passed() {
        return !stopped()
                && (findings.isEmpty() || findings.stream().anyMatch(finding -> finding.result() == Result.PASSED));
    }

    /** Stopped by a check. */
    public boolean stopped() {
        return findings.stream().anyMatch(Finding::stops);
    }

    public boolean stopped(Check check) {
        return findings.stream().anyMatch(finding -> finding.check() == check && finding.stops());
    }

    public Optional<Result> result(Check check) {
        return findings.stream()
                .filter(finding -> finding.check() == check)
                .map(Finding::result)
                .findFirst();
    }

    /** What speaks against the rationale itself, for the Rethinker; empty when only the checking failed. */
    public Optional<String> objection() {
        return Optional.of(reasons(Result.FAILED)).filter(reasons -> !reasons.isEmpty());
    }

    /** Everything that stopped it. */
    public String failure() {
        return reasons(Result.FAILED, Result.UNREADABLE, Result.UNDECIDED);
    }

    /** The checks that stopped it, as words: {@code judge, rule}. */
    public String stoppedBy() {
        return findings.stream()
                .filter(Finding::stops)
                .map(finding -> finding.check().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                        + (finding.result() == Result.UNREADABLE ? " unreadable" : ""))
                .collect(Collectors.joining(", "));
    }

    public Verification with(Finding finding) {
        return new Verification(
                Stream.concat(findings.stream(), Stream.of(finding)).toList());
    }

    private String reasons(Result... results) {
        List<Result> wanted = List.of(results);
        return findings.stream()
                .filter(finding -> wanted.contains(finding.result()))
                .map(Finding::reason)
                .collect(Collectors.joining("\n"));
    }
}
