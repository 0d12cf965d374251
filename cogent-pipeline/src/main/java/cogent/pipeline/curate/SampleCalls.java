package cogent.pipeline.curate;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.agent.AgentCall;
import cogent.curate.agent.Critic;
import cogent.curate.agent.Labeller;
import cogent.curate.agent.NoCritic;
import cogent.curate.run.Authored;
import cogent.curate.run.Replay;
import cogent.curate.run.StoredReply;
import cogent.curate.run.Stories;
import cogent.curate.run.UnansweredSample;
import cogent.data.Difficulty;
import cogent.data.Draft;
import cogent.data.InputException;
import cogent.data.Problem;
import cogent.llm.ChatException;
import cogent.llm.ChatModel;
import cogent.llm.ChatRequest;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Authorship;
import cogent.pipeline.run.Corpora;
import cogent.pipeline.run.RunDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calls that a sample took, its Author's first: every prompt as it was sent, with the raw reply.
 *
 * @param calls those that were answered
 * @param unanswered prompts whose reply is missing; none unless the sample has no story yet
 * @param why there is none, in the endpoint's words; empty where there is, or where it is still to come
 */
public record SampleCalls(List<AgentCall> calls, List<ChatRequest> unanswered, String why) {
    public SampleCalls {
        calls = List.copyOf(calls);
        unanswered = List.copyOf(unanswered);
    }

    /** @throws InputException when the run has no such sample, or its prompts can no longer be told */
    public static SampleCalls of(Recipe recipe, RunDirectory run, String id) {
        Optional<Curated> curated = Stories.one(run.root(), id);
        Optional<UnansweredSample> unanswered = Stories.unanswered(run.root(), id);
        Optional<Authored> authored = Authorship.of(run.authored(), id);
        if (curated.isEmpty() && unanswered.isEmpty() && authored.isEmpty()) {
            throw new InputException(run.root() + ": " + RefusedRows.missing(run, id));
        }
        SampleCalls written = authored.isPresent() ? written(recipe, run, id, authored.get()) : NONE;
        return curated.map(story -> new SampleCalls(told(recipe, run, story), List.of(), ""))
                .or(() -> unanswered.map(sample -> asked(recipe, run, sample)))
                .map(written::before)
                .orElse(written);
    }

    private static final SampleCalls NONE = new SampleCalls(List.of(), List.of(), "");

    private SampleCalls before(SampleCalls later) {
        return new SampleCalls(
                Stream.concat(calls.stream(), later.calls.stream()).toList(), later.unanswered, later.why);
    }

    private static List<AgentCall> told(Recipe recipe, RunDirectory run, Curated curated) {
        List<StoredReply> replies = Stories.replies(run.root(), curated.sample().id());
        if (replies.isEmpty() && curated.critique().student() == null) {
            throw new InputException(run.root() + ": sample " + curated.sample().id()
                    + " was curated by a Cogent that did not note its calls");
        }
        return Replay.calls(curated, replies, model -> {
            Agents agents = new Agents(
                    recipe,
                    StudentSize.of(recipe),
                    _ -> model,
                    Agents.prompts(recipe.curate().prompts()));
            ChatModel reader = recipe.curate().verifier().studentReads() ? model : null;
            return agents.curation(labeller(agents, curated), reader);
        });
    }

    /** What the Author was asked, from the store. */
    private static SampleCalls written(Recipe recipe, RunDirectory run, String id, Authored authored) {
        Problem problem = problem(recipe, run, id);
        return recorded(
                recipe,
                run,
                authored.refused() == null ? "" : authored.refused(),
                agents -> () -> agents.author().write(problem));
    }

    private static Problem problem(Recipe recipe, RunDirectory run, String id) {
        try (Stream<Draft> drafts = Corpora.drafts(recipe, run, _ -> {})) {
            return drafts.map(Draft::problem)
                    .filter(problem -> problem.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new InputException(
                            run.root() + ": problem " + id + " is no longer in the corpus that it was written for"));
        }
    }

    /** How far the replies that are stored carry a sample. */
    private static SampleCalls asked(Recipe recipe, RunDirectory run, UnansweredSample unanswered) {
        return recorded(recipe, run, unanswered.why(), agents -> {
            ChatModel reader = recipe.curate().verifier().studentReads() ? missing() : null;
            Curation curation = agents.curation(labeller(agents, null), reader);
            return () -> curation.curate(unanswered.sample());
        });
    }

    private interface Work {
        Supplier<?> of(Agents agents);
    }

    private static SampleCalls recorded(Recipe recipe, RunDirectory run, String why, Work work) {
        List<ChatRequest> missing = new ArrayList<>();
        List<AgentCall> calls = new ArrayList<>();
        Agents agents = new Agents(
                recipe,
                StudentSize.of(recipe),
                own -> noting(missing, Teachers.recorded(run.root(), recipe, own)),
                Agents.prompts(recipe.curate().prompts()));
        try {
            Object _ = AgentCall.listening(calls::add, work.of(agents));
        } catch (ChatException e) {
            // as far as the replies carry it
        }
        return new SampleCalls(calls, missing, why);
    }

    private static ChatModel noting(List<ChatRequest> missing, ChatModel stored) {
        return request -> {
            try {
                return stored.chat(request);
            } catch (ChatException e) {
                missing.add(request);
                throw e;
            }
        };
    }

    private static ChatModel missing() {
        return _ -> {
            throw ChatException.pending();
        };
    }

    /** What the student was measured to make of it is on record: only the teacher's votes were calls. */
    private static Labeller labeller(Agents agents, @Nullable Curated curated) {
        Labeller measured = _ -> {
            if (curated == null) {
                throw ChatException.pending();
            }
            return curated.critique();
        };
        return switch (agents.recipe().curate().critic().by()) {
            case TEACHER -> agents.critic();
            case STUDENT -> measured;
            case BOTH -> {
                Critic teacher = agents.critic();
                yield sample -> {
                    teacher.critique(sample);
                    return measured.critique(sample);
                };
            }
            case NONE -> new NoCritic(Difficulty.HARD);
        };
    }
}
