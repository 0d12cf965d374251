package cogent.cli.run;

import cogent.cli.recipe.Curate;
import cogent.cli.recipe.Recipe;
import cogent.curate.Agent;
import cogent.curate.BothCritics;
import cogent.curate.Critic;
import cogent.curate.Curation;
import cogent.curate.CurationSettings;
import cogent.curate.Distractor;
import cogent.curate.Labeller;
import cogent.curate.NoCritic;
import cogent.curate.Prompts;
import cogent.curate.Rethinker;
import cogent.curate.Slip;
import cogent.curate.StudentCritic;
import cogent.curate.Task;
import cogent.curate.Verdict.Check;
import cogent.curate.Verifier;
import cogent.data.Difficulty;
import cogent.data.InputException;
import cogent.llm.Switchboard;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The agents as the recipe wants them. */
final class Agents {
    private Agents() {}

    /** @param student the measuring Critic; null where the recipe asks the teacher alone */
    static Curation curation(Recipe recipe, Switchboard board, @Nullable StudentCritic student) {
        Curate curate = recipe.curate();
        Prompts prompts = prompts(curate.prompts());
        String view = curate.critic().view();
        Agent judge = agent("verifier", curate.verifier().endpoint(), recipe, board);
        return new Curation(
                labeller(recipe, board, prompts, student),
                new Rethinker(agent("rethinker", curate.rethinker().endpoint(), recipe, board), prompts, view),
                new Verifier(
                        judge,
                        new Agent("blind", judge.model(), judge.attempts(), judge.maxCharacters()),
                        prompts,
                        checks(curate)),
                curate.distractor().perProblem() == 0
                        ? null
                        : new Distractor(
                                agent("distractor", curate.distractor().endpoint(), recipe, board),
                                prompts.get(Task.DISTRACT),
                                List.of(Slip.values()),
                                curate.distractor().perProblem()),
                new CurationSettings(
                        curate.rethinker().rounds(),
                        curate.verifier().medium(),
                        curate.rethinker().recritique()));
    }

    private static Labeller labeller(
            Recipe recipe, Switchboard board, Prompts prompts, @Nullable StudentCritic student) {
        Curate.Critic settings = recipe.curate().critic();
        if (settings.by() == Curate.By.NONE) {
            return new NoCritic(Difficulty.HARD);
        }
        if (student != null && settings.by() == Curate.By.STUDENT) {
            return student;
        }
        Critic teacher = new Critic(
                agent("critic", settings.endpoint(), recipe, board),
                prompts.get(Task.CRITIQUE),
                settings.view(),
                settings.votes());
        return student == null ? teacher : new BothCritics(teacher, student);
    }

    private static Agent agent(String name, Map<String, JsonNode> own, Recipe recipe, Switchboard board) {
        return Agent.of(name, Teachers.connect(board, recipe, own));
    }

    private static Set<Check> checks(Curate curate) {
        Set<Check> checks = EnumSet.noneOf(Check.class);
        curate.verifier().checks().forEach(name -> checks.add(Check.valueOf(name.toUpperCase(Locale.ROOT))));
        return checks;
    }

    private static Prompts prompts(Map<String, String> edited) {
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
