package cogent.cli.run;

import cogent.cli.recipe.Curate;
import cogent.cli.recipe.Recipe;
import cogent.cli.recipe.RecipeReader;
import cogent.curate.Agent;
import cogent.curate.Author;
import cogent.curate.BothCritics;
import cogent.curate.Critic;
import cogent.curate.Curation;
import cogent.curate.CurationSettings;
import cogent.curate.Distractor;
import cogent.curate.Labeller;
import cogent.curate.NoCritic;
import cogent.curate.Prompts;
import cogent.curate.Rethinker;
import cogent.curate.StudentCritic;
import cogent.curate.Task;
import cogent.curate.Verdict.Check;
import cogent.curate.Verifier;
import cogent.data.Difficulty;
import cogent.data.InputException;
import cogent.llm.ChatModel;
import cogent.llm.Switchboard;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The agents as the recipe wants them. */
final class Agents {
    private Agents() {}

    /**
     * @param student the measuring Critic; null where the recipe asks the teacher alone
     * @param reader the small model as the blind reader; null where a chat model is
     */
    static Curation curation(
            Recipe recipe, Switchboard board, @Nullable StudentCritic student, @Nullable ChatModel reader) {
        Curate curate = recipe.curate();
        Prompts prompts = prompts(curate.prompts());
        return new Curation(
                labeller(recipe, board, prompts, student),
                rethinker(recipe, board, prompts),
                verifier(recipe, board, prompts, reader),
                curate.distractor().perProblem() == 0
                        ? null
                        : distractor(recipe, board, prompts, curate.distractor().perProblem()),
                new CurationSettings(
                        curate.rethinker().rounds(),
                        curate.verifier().medium(),
                        curate.rethinker().recritique()));
    }

    static Author author(Recipe recipe, Switchboard board) {
        Curate curate = recipe.curate();
        return new Author(
                agent("author", curate.author(), recipe, board),
                prompts(curate.prompts()).get(Task.SOLVE),
                curate.critic().view());
    }

    static Critic critic(Recipe recipe, Switchboard board, Prompts prompts) {
        Curate.Critic settings = recipe.curate().critic();
        return new Critic(
                agent("critic", settings, recipe, board),
                prompts.get(Task.CRITIQUE),
                settings.view(),
                settings.votes());
    }

    static Rethinker rethinker(Recipe recipe, Switchboard board, Prompts prompts) {
        Curate curate = recipe.curate();
        return new Rethinker(
                agent("rethinker", curate.rethinker(), recipe, board),
                prompts,
                curate.critic().view());
    }

    static Verifier verifier(Recipe recipe, Switchboard board, Prompts prompts, @Nullable ChatModel reader) {
        Curate.Verifier settings = recipe.curate().verifier();
        if (!settings.secondJudge().isEmpty()
                && RecipeReader.endpoint(recipe.teacher(), settings.secondJudge())
                        .equals(RecipeReader.endpoint(recipe.teacher(), settings.endpoint()))) {
            throw new InputException(
                    "curate.verifier.second_judge is the judge itself: the same model would give the same"
                            + " reply. Give it another model, url or sampling");
        }
        Agent blind = reader == null
                ? agent("blind", settings.blind(), recipe, board)
                // greedy: asked again it would say the same
                : new Agent("blind", reader, 1, settings.blind().maxCharacters());
        return new Verifier(
                agent("verifier", settings, recipe, board),
                blind,
                settings.secondJudge().isEmpty()
                        ? null
                        : new Agent(
                                "second judge",
                                Teachers.connect(board, recipe, settings.secondJudge()),
                                settings.attempts(),
                                settings.maxCharacters()),
                reader == null ? null : recipe.format(),
                prompts,
                checks(recipe.curate()));
    }

    static Distractor distractor(Recipe recipe, Switchboard board, Prompts prompts, int count) {
        Curate.Distractor settings = recipe.curate().distractor();
        return new Distractor(
                agent("distractor", settings, recipe, board), prompts.get(Task.DISTRACT), settings.kinds(), count);
    }

    private static Labeller labeller(
            Recipe recipe, Switchboard board, Prompts prompts, @Nullable StudentCritic student) {
        if (recipe.curate().critic().by() == Curate.By.NONE) {
            return new NoCritic(Difficulty.HARD);
        }
        if (student != null && recipe.curate().critic().by() == Curate.By.STUDENT) {
            return student;
        }
        Critic teacher = critic(recipe, board, prompts);
        return student == null ? teacher : new BothCritics(teacher, student);
    }

    private static Agent agent(String name, Curate.Asked settings, Recipe recipe, Switchboard board) {
        return new Agent(
                name,
                Teachers.connect(board, recipe, settings.endpoint()),
                settings.attempts(),
                settings.maxCharacters());
    }

    private static Set<Check> checks(Curate curate) {
        Set<Check> checks = EnumSet.noneOf(Check.class);
        curate.verifier().checks().forEach(name -> checks.add(Check.valueOf(name.toUpperCase(Locale.ROOT))));
        return checks;
    }

    static Prompts prompts(Map<String, String> edited) {
        Map<Task, Path> files = new EnumMap<>(Task.class);
        edited.forEach((name, file) -> files.put(
                Arrays.stream(Task.values())
                        .filter(task -> task.key().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new InputException("curate.prompts: no prompt is called \"" + name
                                + "\"; there are "
                                + Arrays.stream(Task.values()).map(Task::key).collect(Collectors.joining(", ")))),
                Path.of(file)));
        return Prompts.with(files);
    }
}
