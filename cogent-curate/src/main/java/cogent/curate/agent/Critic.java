package cogent.curate.agent;

import cogent.curate.agent.Critique.Vote;
import cogent.data.Difficulty;
import cogent.data.Sample;
import cogent.llm.ChatModel;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The paper's Critic: a large model that judges a rationale from the point of view of a small model of a stated size.
 *
 * @param student the student's size in the field's notation, such as {@code 0.5B}
 * @param votes how many independent judgements the majority is taken of
 */
public record Critic(Agent agent, Prompt prompt, String student, int votes) implements Labeller {
    private static final Pattern LABEL =
            Pattern.compile("(?:label\\s*[:=]\\s*)?(easy|medium|hard)\\s*\\.?", Pattern.CASE_INSENSITIVE);

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
                Map.of("student", student),
                Map.of(
                        "problem", sample.problem().text(),
                        "answer", sample.problem().answer(),
                        "rationale", sample.rationale().text()));
        return Critique.of(Agent.each(votes, vote -> agent.ask(message, vote, Critic::read)));
    }

    /** The label is the last line, {@code Label: hard}, or the one word alone as in the paper; nothing else counts. */
    static Vote read(String reply) throws UnusableReply {
        LastLine last = LastLine.of(reply);
        Matcher label = LABEL.matcher(last.plain());
        if (!label.matches()) {
            throw UnusableReply.unreadable("does not end with a line Label: easy, medium or hard");
        }
        return new Vote(Difficulty.valueOf(label.group(1).toUpperCase(Locale.ROOT)), last.before());
    }
}
