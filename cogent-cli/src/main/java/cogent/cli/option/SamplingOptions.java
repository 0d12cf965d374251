package cogent.cli.option;

import cogent.data.InputException;
import cogent.model.generate.Penalties;
import cogent.model.generate.Sampler;
import picocli.CommandLine.Option;

/** How the next token is drawn. */
public final class SamplingOptions {
    @Option(
            names = "--max-new-tokens",
            defaultValue = "512",
            paramLabel = "N",
            description = "at most so many (default: 512)")
    public int maxNewTokens;

    @Option(names = "--temperature", defaultValue = "0", paramLabel = "T", description = "0 is greedy (default: 0)")
    private double temperature;

    @Option(
            names = "--top-p",
            defaultValue = "1",
            paramLabel = "P",
            description = "nucleus sampling (default: 1 = off)")
    private double topP;

    @Option(
            names = "--top-k",
            defaultValue = "0",
            paramLabel = "K",
            description = "only the K likeliest (default: 0 = off)")
    private int topK;

    @Option(
            names = "--min-p",
            defaultValue = "0",
            paramLabel = "P",
            description = "only tokens with this share of the likeliest one's probability (default: 0 = off)")
    private double minP;

    @Option(
            names = "--repetition-penalty",
            defaultValue = "1",
            paramLabel = "X",
            description = "makes tokens that are there already less likely; 1.1 is mild (default: 1 = off)")
    private double repetitionPenalty;

    @Option(
            names = "--presence-penalty",
            defaultValue = "0",
            paramLabel = "X",
            description = "taken off the logits of tokens that the text has already (default: 0 = off)")
    private double presencePenalty;

    @Option(
            names = "--frequency-penalty",
            defaultValue = "0",
            paramLabel = "X",
            description = "taken off them once for every time that the text has them (default: 0 = off)")
    private double frequencyPenalty;

    @Option(names = "--seed", defaultValue = "0", description = "decides the draws (default: 0)")
    public long seed;

    public Sampler sampling() {
        if (maxNewTokens < 1) {
            throw new InputException("--max-new-tokens must be at least 1");
        }
        try {
            var penalties = new Penalties(repetitionPenalty, presencePenalty, frequencyPenalty);
            return new Sampler(temperature, topK, topP, minP, penalties);
        } catch (IllegalArgumentException e) {
            throw new InputException(String.valueOf(e.getMessage()), e);
        }
    }
}
