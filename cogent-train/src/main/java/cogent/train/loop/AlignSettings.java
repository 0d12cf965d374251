package cogent.train.loop;

import cogent.train.objective.ChosenNll;
import cogent.train.objective.CogPo;
import cogent.train.objective.DynamicBeta;
import cogent.train.objective.Objective;
import java.util.Optional;

/**
 * Settings of preference alignment.
 *
 * @param objective what is minimised; β comes with each pair
 * @param nll added negative log-likelihood of the chosen side, a guard against its probability sinking
 * @param dynamicBeta where given, β moves with the batch and outlying pairs are left out (β-DPO); costs one more
 *     forward pass
 */
public record AlignSettings(
        TrainSettings train, Objective objective, ChosenNll nll, Optional<DynamicBeta> dynamicBeta) {
    public AlignSettings {
        if (dynamicBeta.isPresent() && !objective.usesReference()) {
            throw new IllegalArgumentException("a dynamic beta needs an objective with a reference, not " + objective);
        }
    }

    /** CogPO without additions, with {@link TrainSettings#align()}. */
    public static AlignSettings cogPo() {
        return new AlignSettings(TrainSettings.align(), new CogPo(), ChosenNll.NONE, Optional.empty());
    }

    public AlignSettings withTrain(TrainSettings settings) {
        return new AlignSettings(settings, objective, nll, dynamicBeta);
    }

    public AlignSettings withObjective(Objective other) {
        return new AlignSettings(train, other, nll, dynamicBeta);
    }

    public AlignSettings withNll(ChosenNll term) {
        return new AlignSettings(train, objective, term, dynamicBeta);
    }

    public AlignSettings withDynamicBeta(DynamicBeta settings) {
        return new AlignSettings(train, objective, nll, Optional.of(settings));
    }
}
