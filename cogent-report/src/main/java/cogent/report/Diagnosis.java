package cogent.report;

import cogent.data.Gap;
import cogent.pipeline.run.MetricPoint;
import cogent.report.ReportData.Objective;
import cogent.report.ReportData.Training;
import cogent.report.chart.Curve;
import cogent.report.chart.Typography;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a training's curves say, in words, each by a bound that stands here. Pure functions of the curves; "at the
 * start" and "at the end" are means over the first and the last tenth of the logged steps.
 */
public final class Diagnosis {
    /** Fewer logged steps than this say nothing. */
    static final int LEAST_STEPS = 10;

    /** A preference loss this near to ln 2 at the end means margins of about 0.02: the policy is the reference still. */
    static final double NEAR_LN_2 = 0.01;

    /** How near to ln 2 the first step of DPO's loss is at least. */
    static final double START_LN_2 = 0.05;

    /** The rewards of an objective with a reference begin at 0 but for rounding, and nearer to it than this. */
    static final double START_REWARD = 0.01;

    /** A fall of logps/chosen below this share of its start is drift and not noise (and at least 1 nat). */
    static final double CHOSEN_FALL = 0.02;

    /** The band in which gradient norms of transformer fine-tuning usually lie (axolotl's training notes give 0.1–10). */
    static final double GRAD_NORM_LOW = 0.1;

    static final double GRAD_NORM_HIGH = 10;

    /** One step's norm over so many medians is a spike, unless in the first tenth: gradients are large at the start. */
    static final double SPIKE = 10;

    /** Clipped in more steps than this, the clip no longer tells spikes from ordinary steps. */
    static final double CLIPPED_SHARE = 0.5;

    /** A smoothed loss that ends above so many times its least value (and 0.02 nats above it) has turned. */
    static final double LOSS_TURNED = 1.2;

    static final double LOSS_TURNED_BY = 0.02;

    /** A loss that keeps more than this share of its start has hardly been learned. */
    static final double LOSS_KEPT = 0.9;

    /** rewards/accuracies above this at the end: the pairs are told apart and teach little more. */
    static final double SATURATED = 0.99;

    /** Fewer evaluations of held-out rows than this make no curve. */
    static final int LEAST_EVALUATIONS = 3;

    /** A held-out loss that ends above so many times its least value has turned. */
    static final double HELD_OUT_TURNED = 1.05;

    private Diagnosis() {}

    /** Does it want a look, or is it as it should be. */
    public enum Level {
        FINE,
        LOOK
    }

    /** One statement about a curve. */
    public record Finding(Level level, String text) {}

    /** All that the training's curves say; never empty. */
    public static List<Finding> of(Training t) {
        if (Curve.finite(t.curve("loss")).size() < LEAST_STEPS) {
            return List.of(new Finding(
                    Level.FINE, "Too few steps are logged to say anything (fewer than " + LEAST_STEPS + ")."));
        }
        List<Finding> out = new ArrayList<>();
        notFinite(t).ifPresent(out::add);
        if (t.objective() == Objective.SFT) {
            out.add(sftLoss(Curve.finite(t.curve("loss"))));
        } else if (t.objective() == Objective.PREFERENCE) {
            out.add(preferenceLoss(Curve.finite(t.curve("loss"))));
            margins(t).ifPresent(out::add);
            chosenFalls(t).ifPresent(out::add);
            accuracies(Curve.finite(t.curve("rewards/accuracies"))).ifPresent(out::add);
        }
        heldOut(Curve.finite(t.curve("eval_loss"))).ifPresent(out::add);
        out.addAll(gradientNorm(Curve.finite(t.curve("grad_norm")), t.maxGradNorm()));
        return List.copyOf(out);
    }

    static Optional<Finding> notFinite(Training t) {
        return t.curve("loss").stream()
                .filter(p -> !p.isFinite())
                .findFirst()
                .map(p -> look("The loss is not a finite number at step %s: from there on the weights may be spoiled."
                        .formatted(Typography.count(p.step()))));
    }

    static Finding sftLoss(List<MetricPoint> loss) {
        double start = start(loss);
        double end = end(loss);
        double least = Curve.runningMean(loss, Math.max(3, loss.size() / 10)).stream()
                .mapToDouble(MetricPoint::value)
                .min()
                .orElse(end);
        String way = "The loss goes from %s to %s".formatted(Typography.value(start), Typography.value(end));
        if (end > LOSS_TURNED * least && end > least + LOSS_TURNED_BY) {
            return look(way + " after a low of " + Typography.value(least)
                    + ": it turned upwards; a lower learning rate or a longer warm-up may help.");
        }
        if (end > LOSS_KEPT * start) {
            return look(way + ": little was learned; is the learning rate too low, or were there too few steps?");
        }
        return fine(way + ".");
    }

    /**
     * Whether ln 2 means anything for a preference loss: only one that starts there, as DPO's does while the policy is the
     * reference; not one of another form, or with the chosen side's likelihood added.
     */
    static boolean startsAtLn2(List<MetricPoint> loss) {
        return !loss.isEmpty() && Math.abs(loss.getFirst().value() - Math.log(2)) < START_LN_2;
    }

    /** Whether rewards are told against a reference, which the policy still is at the first step: SimPO's, ORPO's and CPO's are not. */
    static boolean startsAtReference(Training t) {
        List<MetricPoint> rewards = Curve.finite(t.curve("rewards/chosen"));
        return rewards.isEmpty() || Math.abs(rewards.getFirst().value()) < START_REWARD;
    }

    static Finding preferenceLoss(List<MetricPoint> loss) {
        double end = end(loss);
        if (!startsAtLn2(loss)) {
            return fine("The loss, which is not DPO's term alone, goes from %s to %s."
                    .formatted(Typography.value(start(loss)), Typography.value(end)));
        }
        if (Math.abs(end - Math.log(2)) < NEAR_LN_2) {
            return look(
                    "The loss stays at %s, near ln 2 = 0.693: the policy still equals the reference; the learning rate or β is too small, or the steps too few."
                            .formatted(Typography.fixed(end, 3)));
        }
        if (end > Math.log(2)) {
            return look(
                    "The loss ends at %s, above ln 2 = 0.693: the policy prefers the rejected sides more than the reference does."
                            .formatted(Typography.fixed(end, 3)));
        }
        return fine("The loss leaves ln 2 = 0.693 and ends at " + Typography.value(end) + ".");
    }

    /** Margins below 0 at the end, by gap where they are logged by gap. */
    static Optional<Finding> margins(Training t) {
        List<String> all = new ArrayList<>();
        List<String> below = new ArrayList<>();
        for (Gap gap : Gap.values()) {
            String name = gap.name().toLowerCase(Locale.ROOT);
            addMargin(name, t.curve("rewards/margins/" + name), all, below);
        }
        if (all.isEmpty()) {
            addMargin("all pairs", t.curve("rewards/margins"), all, below);
        }
        if (all.isEmpty()) {
            return Optional.empty();
        }
        if (below.isEmpty()) {
            return Optional.of(fine("Reward margins at the end: " + String.join(", ", all) + "."));
        }
        return Optional.of(look("Reward margins below 0 at the end: " + String.join(", ", below)
                + (startsAtReference(t)
                        ? ". There the policy has moved towards the rejected sides."
                        : ". There the policy finds the rejected sides more probable than the chosen.")));
    }

    private static void addMargin(String name, List<MetricPoint> curve, List<String> all, List<String> below) {
        List<MetricPoint> finite = Curve.finite(curve);
        if (finite.isEmpty()) {
            return;
        }
        String text = name + " " + Typography.value(end(finite));
        all.add(text);
        if (end(finite) < 0) {
            below.add(text);
        }
    }

    /** The known failure of preference losses: the margin grows while the chosen side itself becomes less likely. */
    static Optional<Finding> chosenFalls(Training t) {
        List<MetricPoint> chosen = Curve.finite(t.curve("logps/chosen"));
        List<MetricPoint> margins = Curve.finite(t.curve("rewards/margins"));
        if (chosen.size() < LEAST_STEPS || margins.size() < LEAST_STEPS) {
            return Optional.empty();
        }
        double fall = start(chosen) - end(chosen);
        boolean falls = fall > Math.max(1, CHOSEN_FALL * Math.abs(start(chosen)));
        if (!falls || end(margins) <= start(margins)) {
            return Optional.empty();
        }
        return Optional.of(look(
                "logps/chosen falls from %s to %s while the margin grows: the rejected sides are pushed down more than the chosen are pulled up. Some fall is usual with these losses; compare accuracy with the model before."
                        .formatted(Typography.value(start(chosen)), Typography.value(end(chosen)))));
    }

    static Optional<Finding> accuracies(List<MetricPoint> accuracies) {
        if (accuracies.size() < LEAST_STEPS) {
            return Optional.empty();
        }
        double end = end(accuracies);
        if (end < 0.5) {
            return Optional.of(look("rewards/accuracies ends at %s: fewer than half of the pairs are ordered rightly."
                    .formatted(Typography.fixed(end, 2))));
        }
        double sum = 0;
        int from = accuracies.size();
        for (int i = accuracies.size() - 1; i >= 0; i--) {
            sum += accuracies.get(i).value();
            from = sum / (accuracies.size() - i) >= SATURATED ? i : from;
        }
        if (from < accuracies.size() / 2) {
            return Optional.of(look(
                    "rewards/accuracies stands at %s or more from step %s on: these pairs are told apart and teach little more."
                            .formatted(
                                    Typography.fixed(SATURATED, 2),
                                    Typography.count(accuracies.get(from).step()))));
        }
        return Optional.of(fine("rewards/accuracies ends at " + Typography.fixed(end, 2) + "."));
    }

    /** Where the loss on held-out rows was lowest: what came after it was learned by heart. */
    static Optional<Finding> heldOut(List<MetricPoint> loss) {
        if (loss.size() < LEAST_EVALUATIONS) {
            return Optional.empty();
        }
        MetricPoint least = loss.stream()
                .min(Comparator.comparingDouble(MetricPoint::value))
                .orElseThrow();
        double last = loss.getLast().value();
        String text = "The held-out loss is lowest at step %s, %s, and ends at %s"
                .formatted(Typography.count(least.step()), Typography.value(least.value()), Typography.value(last));
        return Optional.of(
                last > HELD_OUT_TURNED * least.value()
                        ? look(text
                                + ": what came after that step was learned by heart; fewer epochs or a lower learning"
                                + " rate would do.")
                        : fine(text + "."));
    }

    static List<Finding> gradientNorm(List<MetricPoint> norms, OptionalDouble maxNorm) {
        if (norms.size() < LEAST_STEPS) {
            return List.of();
        }
        List<Finding> out = new ArrayList<>();
        double[] sorted =
                norms.stream().mapToDouble(MetricPoint::value).sorted().toArray();
        double median = sorted[sorted.length / 2];
        String middle = "The median gradient norm is " + Typography.value(median);
        if (median < GRAD_NORM_LOW || median > GRAD_NORM_HIGH) {
            out.add(look(middle
                    + ", outside the usual %s–%s."
                            .formatted(Typography.value(GRAD_NORM_LOW), Typography.value(GRAD_NORM_HIGH))));
        } else {
            out.add(fine(middle + "."));
        }
        List<MetricPoint> settled = norms.subList(norms.size() / 10, norms.size());
        List<MetricPoint> spikes =
                settled.stream().filter(p -> p.value() > SPIKE * median).toList();
        if (!spikes.isEmpty()) {
            out.add(look("%s logged after the first tenth of the steps are over ten medians, the first at step %s."
                    .formatted(
                            spikes.size() == 1
                                    ? "One gradient norm"
                                    : Typography.count(spikes.size()) + " gradient norms",
                            Typography.count(spikes.getFirst().step()))));
        }
        maxNorm.ifPresent(max -> {
            double share = (double) norms.stream().filter(p -> p.value() > max).count() / norms.size();
            if (share > CLIPPED_SHARE) {
                out.add(look(
                        "Gradients are clipped at %s in %s of the steps: the clip, which is for rare spikes, acts on ordinary steps."
                                .formatted(Typography.value(max), Typography.percent(share))));
            }
        });
        return out;
    }

    private static double start(List<MetricPoint> curve) {
        return Curve.mean(curve, 0, 0.1);
    }

    private static double end(List<MetricPoint> curve) {
        return Curve.mean(curve, 0.9, 1);
    }

    private static Finding fine(String text) {
        return new Finding(Level.FINE, text);
    }

    private static Finding look(String text) {
        return new Finding(Level.LOOK, text);
    }
}
