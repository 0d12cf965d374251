package cogent.pipeline.curate;

import cogent.curate.Curation;
import cogent.curate.CurationSettings;
import cogent.curate.PairBuilder;
import cogent.curate.agent.Agent;
import cogent.curate.agent.Author;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Distractor;
import cogent.curate.agent.Labeller;
import cogent.curate.agent.NoCritic;
import cogent.curate.agent.Rethinker;
import cogent.curate.agent.Verification.Check;
import cogent.curate.agent.Verifier;
import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.PromptSet;
import cogent.curate.student.BothCritics;
import cogent.curate.student.StudentCritic;
import cogent.data.Difficulty;
import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.RowFormat;
import cogent.llm.ChatModel;
import cogent.llm.run.ChatModels;
import cogent.pipeline.recipe.AgentConfig;
import cogent.pipeline.recipe.CriticConfig;
import cogent.pipeline.recipe.CurateConfig;
import cogent.pipeline.recipe.DistractorConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.recipe.VerifierConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The agents as the recipe wants them.
 *
 * @param view the size of the student that lessons are for, such as {@code 0.5B}
 * @param models the model behind an agent, by the agent's own settings of its endpoint
 */
public record Agents(Recipe recipe, String view, Function<Map<String, JsonNode>, ChatModel> models, PromptSet prompts) {
    /** The agents in the order of their work. */
    private static final List<String> AGENTS =
            List.of("author", "critic", "rethinker", "verifier", "second judge", "blind", "distractor");

    public static final Comparator<String> BY_WORK = Comparator.<String>comparingInt(
                    agent -> AGENTS.contains(agent) ? AGENTS.indexOf(agent) : AGENTS.size())
            .thenComparing(Comparator.naturalOrder());

    /** Played by the recipe's endpoints. */
    static Agents of(Recipe recipe, ChatModels board) {
        return new Agents(
                recipe,
                StudentSize.of(recipe),
                own -> Teachers.connect(board, recipe, own),
                prompts(recipe.curate().prompts()));
    }

    /**
     * @param student the measuring Critic; null where the recipe asks the teacher alone
     * @param reader the small model as the blind reader; null where a chat model is
     */
    Curation curation(@Nullable StudentCritic student, @Nullable ChatModel reader) {
        return curation(labeller(student), reader);
    }

    Curation curation(Labeller labeller, @Nullable ChatModel reader) {
        CurateConfig curate = recipe.curate();
        return new Curation(
                labeller,
                rethinker(),
                verifier(reader),
                curate.distractor().perProblem() == 0
                        ? null
                        : distractor(curate.distractor().perProblem()),
                new CurationSettings(
                        curate.rethinker().rounds(),
                        curate.verifier().medium(),
                        curate.rethinker().recritique()));
    }

    Author author() {
        return new Author(agent("author", recipe.curate().author().agent()), prompts.get(AgentTask.SOLVE), view);
    }

    Critic critic() {
        CriticConfig settings = recipe.curate().critic();
        return new Critic(agent("critic", settings.agent()), prompts.get(AgentTask.CRITIQUE), view, settings.votes());
    }

    Rethinker rethinker() {
        return new Rethinker(agent("rethinker", recipe.curate().rethinker().agent()), prompts, view);
    }

    Verifier verifier(@Nullable ChatModel reader) {
        VerifierConfig settings = recipe.curate().verifier();
        if (!settings.secondJudge().isEmpty()
                && RecipeReader.endpoint(recipe.teacher(), settings.secondJudge())
                        .equals(RecipeReader.endpoint(
                                recipe.teacher(), settings.agent().endpoint()))) {
            throw new InputException(
                    "curate.verifier.second_judge is the judge itself: the same model would give the same"
                            + " reply. Give it another model, url or sampling");
        }
        Agent blind = reader == null
                ? agent("blind", settings.blind().agent())
                // greedy: asked again it would say the same
                : new Agent("blind", reader, 1, settings.blind().agent().maxCharacters());
        return new Verifier(
                agent("verifier", settings.agent()),
                blind,
                settings.secondJudge().isEmpty()
                        ? null
                        : new Agent(
                                "second judge",
                                models.apply(settings.secondJudge()),
                                settings.agent().attempts(),
                                settings.agent().maxCharacters()),
                reader == null ? null : recipe.format().rows(),
                prompts,
                settings.checks().stream()
                        .map(check -> Check.valueOf(check.name()))
                        .collect(Collectors.toSet()));
    }

    Distractor distractor(int count) {
        DistractorConfig settings = recipe.curate().distractor();
        return new Distractor(agent("distractor", settings.agent()), prompts, settings.mistakes(), count);
    }

    private Labeller labeller(@Nullable StudentCritic student) {
        if (recipe.curate().critic().by() == CriticConfig.LabelledBy.NONE) {
            return new NoCritic(Difficulty.HARD);
        }
        if (student != null && recipe.curate().critic().by() == CriticConfig.LabelledBy.STUDENT) {
            return student;
        }
        return student == null ? critic() : new BothCritics(critic(), student);
    }

    private Agent agent(String name, AgentConfig settings) {
        return new Agent(name, models.apply(settings.endpoint()), settings.attempts(), settings.maxCharacters());
    }

    static PromptSet prompts(Map<String, String> edited) {
        Map<AgentTask, Path> files = new EnumMap<>(AgentTask.class);
        edited.forEach((name, file) -> files.put(
                Arrays.stream(AgentTask.values())
                        .filter(task -> task.key().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new InputException("curate.prompts: no prompt is called \"" + name
                                + "\"; there are "
                                + Arrays.stream(AgentTask.values())
                                        .map(AgentTask::key)
                                        .collect(Collectors.joining(", ")))),
                Path.of(file)));
        return PromptSet.with(files);
    }

    /** Makes the preference pairs, with the recipe's β. */
    public static PairBuilder pairs(Recipe recipe, RowFormat format) {
        Map<Gap, Double> beta = new EnumMap<>(Gap.class);
        for (Gap gap : Gap.values()) {
            beta.put(gap, recipe.curate().beta(gap));
        }
        return new PairBuilder(format, beta);
    }
}
