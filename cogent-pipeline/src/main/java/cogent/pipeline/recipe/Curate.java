package cogent.pipeline.recipe;

import static cogent.pipeline.recipe.Recipe.require;

import cogent.curate.agent.MistakeKind;
import cogent.data.Gap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The recipe's part {@code curate}: Critique, Rethink, Verify and the pairs. */
public record Curate(
        int inFlight,
        double batchPrice,
        double maxUnanswered,
        Map<String, String> prompts,
        Author author,
        Critic critic,
        Rethinker rethinker,
        Verifier verifier,
        Distractor distractor,
        Map<String, Double> beta) {
    public Curate {
        require(inFlight > 0, "in_flight must be at least 1");
        require(batchPrice >= 0, "batch_price cannot be negative");
        require(maxUnanswered >= 0 && maxUnanswered <= 1, "max_unanswered is a share between 0 and 1");
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
        return critic.measures() || verifier.studentReads();
    }

    /** The settings that agents lay over the teacher's, by their key in the recipe. */
    public SequencedMap<String, Map<String, JsonNode>> endpoints() {
        SequencedMap<String, Map<String, JsonNode>> all = new LinkedHashMap<>();
        all.put("author.endpoint", author.endpoint());
        all.put("critic.endpoint", critic.endpoint());
        all.put("rethinker.endpoint", rethinker.endpoint());
        all.put("verifier.endpoint", verifier.endpoint());
        all.put("verifier.second_judge", verifier.secondJudge());
        all.put("verifier.blind.endpoint", verifier.blind().endpoint());
        all.put("distractor.endpoint", distractor.endpoint());
        return all;
    }

    /** Who does an agent's work. */
    public enum By {
        TEACHER,
        STUDENT,
        BOTH,
        /** Nobody: everything is rewritten. */
        NONE
    }

    /** What every agent that is asked has. */
    public interface Asked {
        int attempts();

        int maxCharacters();

        Map<String, JsonNode> endpoint();
    }

    /**
     * Writes the rationales that the corpus lacks.
     *
     * @param samples solutions that a problem may cost; 0 = a row without a rationale is refused
     */
    public record Author(int samples, int maxCharacters, Map<String, JsonNode> endpoint) implements Asked {
        public Author {
            require(samples >= 0, "samples cannot be negative");
            requireAsked(Math.max(1, samples), maxCharacters);
        }

        public boolean writes() {
            return samples > 0;
        }

        @Override
        public int attempts() {
            return samples;
        }
    }

    /** Labels the rationales. */
    public record Critic(
            By by,
            @Nullable String student,
            double unlikely,
            double longest,
            String view,
            int votes,
            int attempts,
            int maxCharacters,
            Map<String, JsonNode> endpoint)
            implements Asked {
        /** The raw SFT model of the same run. */
        public static final String RAW = "raw";

        public Critic {
            require(votes > 0 && votes % 2 == 1, "votes must be odd, so that there is a majority");
            require(unlikely >= 0 && unlikely < 1, "unlikely is a share of the corpus, 0 to below 1");
            require(longest >= 0 && longest < 1, "longest is a share of the corpus, 0 to below 1");
            requireAsked(attempts, maxCharacters);
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
    public record Rethinker(
            int rounds, boolean recritique, int attempts, int maxCharacters, Map<String, JsonNode> endpoint)
            implements Asked {
        public Rethinker {
            require(rounds > 0, "rounds must be at least 1");
            requireAsked(attempts, maxCharacters);
        }
    }

    /** Accepts or refuses the rewrites. */
    public record Verifier(
            List<String> checks,
            boolean medium,
            Blind blind,
            Map<String, JsonNode> secondJudge,
            int attempts,
            int maxCharacters,
            Map<String, JsonNode> endpoint)
            implements Asked {
        public Verifier {
            require(List.of("judge", "rule", "blind").containsAll(checks), "checks are some of judge, rule, blind");
            require(
                    secondJudge.isEmpty() || checks.contains("judge"),
                    "second_judge is asked beside the judge, and checks do not name judge");
            requireAsked(attempts, maxCharacters);
        }

        /** Whether the small model is the blind reader. */
        public boolean studentReads() {
            return checks.contains("blind") && blind.by() == By.STUDENT;
        }
    }

    /** Reads a rationale without its final answer. */
    public record Blind(By by, int attempts, int maxCharacters, Map<String, JsonNode> endpoint) implements Asked {
        public Blind {
            require(by == By.TEACHER || by == By.STUDENT, "by is teacher or student");
            requireAsked(attempts, maxCharacters);
        }
    }

    /** Writes wrong rationales. */
    public record Distractor(
            int perProblem, List<String> slips, int attempts, int maxCharacters, Map<String, JsonNode> endpoint)
            implements Asked {
        private static final List<String> SLIPS = Stream.of(MistakeKind.values())
                .map(slip -> slip.name().toLowerCase(Locale.ROOT))
                .toList();

        public Distractor {
            require(perProblem >= 0, "per_problem cannot be negative");
            require(
                    !slips.isEmpty()
                            && SLIPS.containsAll(slips)
                            && slips.size() == Set.copyOf(slips).size(),
                    "slips are some of " + String.join(", ", SLIPS) + ", each once");
            requireAsked(attempts, maxCharacters);
        }

        /** The kinds of slip to take turns with. */
        public List<MistakeKind> kinds() {
            return slips.stream()
                    .map(name -> MistakeKind.valueOf(name.toUpperCase(Locale.ROOT)))
                    .toList();
        }
    }

    private static void requireAsked(int attempts, int maxCharacters) {
        require(attempts > 0, "attempts must be at least 1");
        require(maxCharacters > 0, "max_characters must be at least 1");
    }

    private static String lower(Gap gap) {
        return gap.name().toLowerCase(Locale.ROOT);
    }
}
