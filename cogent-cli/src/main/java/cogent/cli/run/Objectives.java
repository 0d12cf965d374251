package cogent.cli.run;

import cogent.data.InputException;
import cogent.train.objective.CogPo;
import cogent.train.objective.Cpo;
import cogent.train.objective.Divergence;
import cogent.train.objective.Hinge;
import cogent.train.objective.Ipo;
import cogent.train.objective.Objective;
import cogent.train.objective.Orpo;
import cogent.train.objective.SimPo;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The objectives by their names in recipes. */
public final class Objectives {
    private Objectives() {}

    /**
     * The objective of that name.
     *
     * @param beta for those whose β is not the pairs' own; null for the literature's usual value
     * @param gamma SimPO's margin
     */
    public static Objective of(String name, @Nullable Double beta, double labelSmoothing, double gamma) {
        return switch (name) {
            case "cogpo", "dpo" -> new CogPo(labelSmoothing, new Divergence.ReverseKl());
            case "ipo" -> new Ipo(true);
            case "hinge" -> new Hinge();
            case "simpo" -> new SimPo(Objects.requireNonNullElse(beta, 2.0), gamma);
            case "orpo" -> new Orpo(Objects.requireNonNullElse(beta, 0.1));
            case "cpo" -> new Cpo(Objects.requireNonNullElse(beta, 0.1));
            default ->
                throw new InputException(
                        "no objective is called \"" + name + "\": one of cogpo, dpo, ipo, hinge, simpo, orpo, cpo");
        };
    }
}
