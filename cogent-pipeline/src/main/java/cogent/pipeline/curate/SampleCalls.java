package cogent.pipeline.curate;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.agent.AgentCall;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Labeller;
import cogent.curate.agent.NoCritic;
import cogent.curate.run.Replay;
import cogent.curate.run.StoredReply;
import cogent.curate.run.Stories;
import cogent.data.Difficulty;
import cogent.data.InputException;
import cogent.llm.ChatModel;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import java.util.List;

/** The calls that a sample took: every prompt as it was sent, with the raw reply. */
public final class SampleCalls {
    private SampleCalls() {}

    /** @throws InputException when the run has no such sample, or its prompts can no longer be told */
    public static List<AgentCall> of(Recipe recipe, RunDirectory run, String id) {
        Curated curated = Stories.one(run.root(), id)
                .orElseThrow(() -> new InputException(run.root() + ": no sample " + id + " has been curated"));
        List<StoredReply> replies = Stories.replies(run.root(), id);
        if (replies.isEmpty() && curated.critique().student() == null) {
            throw new InputException(
                    run.root() + ": sample " + id + " was curated by a Cogent that did not note its calls");
        }
        return Replay.calls(curated, replies, model -> curation(recipe, curated, model));
    }

    private static Curation curation(Recipe recipe, Curated curated, ChatModel model) {
        Agents agents = new Agents(
                recipe,
                StudentSize.of(recipe),
                _ -> model,
                Agents.prompts(recipe.curate().prompts()));
        ChatModel reader = recipe.curate().verifier().studentReads() ? model : null;
        return agents.curation(labeller(agents, curated), reader);
    }

    /** What the student was measured to make of it is on record: only the teacher's votes were calls. */
    private static Labeller labeller(Agents agents, Curated curated) {
        return switch (agents.recipe().curate().critic().by()) {
            case TEACHER -> agents.critic();
            case STUDENT -> _ -> curated.critique();
            case BOTH -> {
                Critic teacher = agents.critic();
                yield sample -> {
                    teacher.critique(sample);
                    return curated.critique();
                };
            }
            case NONE -> new NoCritic(Difficulty.HARD);
        };
    }
}
