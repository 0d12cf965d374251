package cogent.eval;

import cogent.data.InputException;

/**
 * A figure that somebody published for another model: a row to stand beside, not to be tested against, since its replies
 * are not here.
 *
 * @param accuracy in per cent, as published
 * @param source where it stands
 */
public record Published(String benchmark, String model, double accuracy, String source) {
    public Published {
        if (benchmark.isBlank() || model.isBlank() || source.isBlank()) {
            throw new InputException("a published figure needs benchmark, model, accuracy and source");
        }
        if (!(accuracy >= 0 && accuracy <= 100)) {
            throw new InputException(
                    "the published accuracy of " + model + " is a percentage from 0 to 100, not " + accuracy);
        }
    }
}
