package cogent.curate.agent;

import cogent.curate.agent.Critique.Vote;
import cogent.curate.prompt.AgentTask;
import cogent.curate.prompt.Prompt;
import cogent.curate.prompt.PromptSet;
import cogent.curate.prompt.Yardstick;
import cogent.curate.reply.Choice;
import cogent.curate.reply.LastLine;
import cogent.data.Difficulty;
import cogent.data.Sample;
import cogent.llm.ChatModel;
import java.util.List;
import java.util.Map;

/**
 * The paper's Critic: a large model that judges a rationale from the point of view of a small model of a stated size.
 *
 * <p>It is asked for brief, balanced or complex: "easy" for what the reader cannot follow reads the wrong way round. The
 * paper's names, easy, medium and hard, are what the rest of Cogent calls them.
 *
 * @param student the student's size in the field's notation, such as {@code 0.5B}
 * @param votes how many independent judgements the majority is taken of
 */
public record Critic(Agent agent, Prompt prompt, String student, int votes) implements Labeller {
    /** What the prompt asks for, and the paper's own words, for prompts that ask for them. */
    private static final Choice<Difficulty> LABEL = new Choice<>(
            "label",
            List.of(
                    "difficulty",
                    "rating",
                    "level",
                    "category",
                    "class",
                    "classification",
                    "verdict",
                    "judgement",
                    "judgment",
                    "decision",
                    "assessment",
                    "conclusion",
                    "answer",
                    "标签",
                    "难度"),
            Map.of(
                    "brief", Difficulty.EASY,
                    "balanced", Difficulty.MEDIUM,
                    "complex", Difficulty.HARD,
                    "easy", Difficulty.EASY,
                    "medium", Difficulty.MEDIUM,
                    "hard", Difficulty.HARD));

    public Critic {
        if (votes < 1) {
            throw new IllegalArgumentException("votes must be at least 1");
        }
    }

    public Critic(ChatModel model, String student, int votes) {
        this(Agent.of("critic", model), PromptSet.BUILT_IN.get(AgentTask.CRITIQUE), student, votes);
    }

    public Critic(ChatModel model, String student) {
        this(model, student, 1);
    }

    @Override
    public Critique critique(Sample sample) {
        String message = prompt.render(
                Yardstick.words(student),
                Map.of(
                        "problem", sample.problem().text(),
                        "answer", sample.problem().answer(),
                        "rationale", sample.rationale().text()));
        return Critique.of(Agent.each(votes, vote -> agent.ask(AgentQuestion.reminding(message), vote, Critic::read)));
    }

    /** The label is the last line, {@code Label: brief}, or the one word alone; nothing else counts. */
    static Vote read(String reply) throws UnusableReply {
        return LastLine.read(reply, LABEL)
                .map(last -> new Vote(last.meaning(), last.before().isEmpty() ? last.reason() : last.before()))
                .orElseThrow(
                        () -> UnusableReply.unreadable("does not end with a line Label: brief, balanced or complex"));
    }
}
