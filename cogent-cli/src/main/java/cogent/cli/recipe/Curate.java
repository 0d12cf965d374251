package cogent.cli.recipe;

import static cogent.cli.recipe.Recipe.require;

import cogent.data.Gap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The recipe's part {@code curate}: Critique, Rethink, Verify and the pairs. */
public record Curate(
        int inFlight,
        double batchPrice,
        Map<String, String> prompts,
        Critic critic,
        Rethinker rethinker,
        Verifier verifier,
        Distractor distractor,
        Map<String, Double> beta) {
    public Curate {
        require(inFlight > 0, "in_flight must be at least 1");
        require(batchPrice >= 0, "batch_price cannot be negative");
        for (Gap gap : Gap.values()) {
            Double b = beta.get(lower(gap));
            require(b != null && b > 0 && !b.isInfinite(), "beta." + lower(gap) + " must be positive");
        }
    }

    public double beta(Gap gap) {
        return Objects.requireNonNull(beta.get(lower(gap)));
    }

    /** Whether the small model itself is asked. */
    public boolean asksStudent() {
        return critic.measures();
    }

    /** Who labels the rationales. */
    public enum By {
        TEACHER,
        STUDENT,
        BOTH,
        /** Nobody: everything is rewritten. */
        NONE
    }

    /** Labels the rationales. */
    public record Critic(
            By by,
            @Nullable String student,
            double unlikely,
            double longest,
            String view,
            int votes,
            Map<String, JsonNode> endpoint) {
        /** The raw SFT model of the same run. */
        public static final String RAW = "raw";

        public Critic {
            require(votes > 0 && votes % 2 == 1, "votes must be odd, so that there is a majority");
            require(unlikely >= 0 && unlikely < 1, "unlikely is a share of the corpus, 0 to below 1");
            require(longest >= 0 && longest < 1, "longest is a share of the corpus, 0 to below 1");
        }

        /** Whether the student is measured. */
        public boolean measures() {
            return by == By.STUDENT || by == By.BOTH;
        }

        /** Votes that are cast by the teacher. */
        public int teacherVotes() {
            return by == By.STUDENT || by == By.NONE ? 0 : votes;
        }
    }

    /** Rewrites the unsuitable ones. */
    public record Rethinker(int rounds, boolean recritique, Map<String, JsonNode> endpoint) {
        public Rethinker {
            require(rounds > 0, "rounds must be at least 1");
        }
    }

    /** Accepts or refuses the rewrites. */
    public record Verifier(List<String> checks, boolean medium, Map<String, JsonNode> endpoint) {
        public Verifier {
            require(List.of("judge", "rule", "blind").containsAll(checks), "checks are some of judge, rule, blind");
        }
    }

    /** Writes wrong rationales. */
    public record Distractor(int perProblem, Map<String, JsonNode> endpoint) {
        public Distractor {
            require(perProblem >= 0, "per_problem cannot be negative");
        }
    }

    private static String lower(Gap gap) {
        return gap.name().toLowerCase(Locale.ROOT);
    }
}
