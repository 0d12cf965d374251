package cogent.pipeline.curate;

import cogent.curate.run.AgentCheck;
import cogent.curate.run.AgentCheck.Score;
import cogent.curate.run.Labelled;
import cogent.llm.run.ChatModels;
import cogent.llm.store.RunDatabase;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import java.util.ArrayList;
import java.util.List;

/** The recipe's agents on rationales that were labelled by hand. */
public final class AgentScores {
    private AgentScores() {}

    /**
     * Asks every agent that the recipe asks of a teacher. Replies are kept in {@code agents-check} of the run directory, so
     * that the same check costs nothing a second time.
     */
    public static List<Score> of(Recipe recipe) {
        List<Score> scores = new ArrayList<>();
        try (RunDatabase database = RunDatabase.open(RunDirectory.of(recipe).agentsCheck());
                ChatModels board = new ChatModels(database, Teachers.budget(recipe.teacher()))) {
            AgentCheck check = new AgentCheck(Labelled.all());
            Agents agents = Agents.of(recipe, board);
            if (recipe.curate().critic().teacherVotes() > 0) {
                scores.add(check.critic(agents.critic()));
            }
            scores.add(check.rethinker(agents.rethinker()));
            // the small model's own reading belongs to its corpus: here the teacher is asked
            scores.addAll(check.verifier(agents.verifier(null)));
            int mistakes = recipe.curate().distractor().mistakes().size();
            scores.add(check.distractor(agents.distractor(mistakes)));
        }
        return scores;
    }
}
