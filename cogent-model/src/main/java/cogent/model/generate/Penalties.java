package cogent.model.generate;

/**
 * What makes tokens that are there already less probable.
 *
 * @param repetition logits of tokens that the prompt or the text has are divided by it where positive and multiplied where
 *     negative (Keskar et al., 2019); 1 = off
 * @param presence is taken off the logits of tokens that the text has; 0 = off, as OpenAI has it
 * @param frequency is taken off them once for every time that the text has them; 0 = off
 */
public record Penalties(double repetition, double presence, double frequency) {
    public static final Penalties NONE = new Penalties(1, 0, 0);

    public Penalties {
        if (!(repetition > 0) || !Double.isFinite(repetition)) {
            throw new IllegalArgumentException("repetition penalty must be above 0: " + repetition);
        }
        if (!Double.isFinite(presence)) {
            throw new IllegalArgumentException("presence penalty must be a number: " + presence);
        }
        if (!Double.isFinite(frequency)) {
            throw new IllegalArgumentException("frequency penalty must be a number: " + frequency);
        }
    }

    public static Penalties repetition(double penalty) {
        return new Penalties(penalty, 0, 0);
    }

    boolean areOff() {
        return equals(NONE);
    }
}
