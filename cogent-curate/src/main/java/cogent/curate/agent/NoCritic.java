package cogent.curate.agent;

import cogent.data.Difficulty;
import cogent.data.Sample;
import java.util.List;

/** No Critic at all: everything goes to the Rethinker, under one label. For showing what the Critic is worth. */
public record NoCritic(Difficulty label) implements Labeller {
    public NoCritic {
        if (label == Difficulty.MEDIUM) {
            throw new IllegalArgumentException("medium rationales are kept, not rewritten");
        }
    }

    @Override
    public Critique critique(Sample sample) {
        return new Critique(label, List.of(), null);
    }
}
