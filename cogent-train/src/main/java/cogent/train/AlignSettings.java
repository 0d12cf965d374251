package cogent.train;

import cogent.train.objective.ChosenNll;
import cogent.train.objective.CogPo;
import cogent.train.objective.Objective;

/**
 * Settings of preference alignment.
 *
 * @param objective what is minimised; β comes with each pair
 * @param nll added negative log-likelihood of the chosen side, a guard against its probability sinking
 */
public record AlignSettings(TrainSettings train, Objective objective, ChosenNll nll) {
    /** CogPO without additions, with {@link TrainSettings#align()}. */
    public static AlignSettings cogPo() {
        return new AlignSettings(TrainSettings.align(), new CogPo(), ChosenNll.NONE);
    }

    public AlignSettings withTrain(TrainSettings settings) {
        return new AlignSettings(settings, objective, nll);
    }

    public AlignSettings withObjective(Objective other) {
        return new AlignSettings(train, other, nll);
    }

    public AlignSettings withNll(ChosenNll term) {
        return new AlignSettings(train, objective, term);
    }
}
