package cogent.curate;

import cogent.curate.SampleOutcome.Kept;
import cogent.curate.agent.Distraction;
import cogent.curate.agent.Distraction.Against;
import cogent.curate.agent.Verification.Check;
import cogent.curate.rationale.RationaleLayout;
import cogent.curate.rationale.WrongRationale;
import cogent.data.Gap;
import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.Reasoning;
import cogent.data.RowFormat;
import cogent.data.SftRow;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Turns curated samples into training rows: D_SFT, and CogPO's three mini-tasks (method page, the table of gaps).
 *
 * <pre>
 *   small    verified rewrite           over  easy or hard original
 *   medium   easy or hard original      over  wrong rationale
 *   large    medium or verified rewrite over  wrong rationale
 * </pre>
 *
 * An original whose own conclusion is wrong by the rule is never a chosen side, and no rejected side of the small gap,
 * whose two sides are both correct; it is an incorrect rationale, and so a rejected side of the large gap. Refused samples
 * make no pairs.
 *
 * @param beta β of each gap
 */
public record PairBuilder(RowFormat format, Map<Gap, Double> beta) {
    /** 0.5 for the large gap is the authors'; the other two are ours. */
    public static final Map<Gap, Double> DEFAULT_BETA = Map.of(Gap.SMALL, 0.1, Gap.MEDIUM, 0.2, Gap.LARGE, 0.5);

    public PairBuilder(RowFormat format) {
        this(format, DEFAULT_BETA);
    }

    public PairBuilder {
        beta = Map.copyOf(beta);
        if (beta.size() != Gap.values().length) {
            throw new IllegalArgumentException("a beta is needed for each gap");
        }
    }

    /** A wrong rationale and where it comes from. */
    private record Wrong(Rationale rationale, String from) {}

    /** A chosen side and where it comes from. */
    private record Right(Rationale rationale, String from) {}

    /** The sample's row of D_SFT; none when it was refused. */
    public List<SftRow> sft(Curated curated) {
        Problem problem = curated.sample().problem();
        return curated.outcome() instanceof Kept kept
                ? List.of(new SftRow(
                        problem.id(),
                        format.prompt(problem),
                        format.completion(RationaleLayout.of(kept.rationale())),
                        kept.source()))
                : List.of();
    }

    /** The sample's preference pairs, small gap first. */
    public List<PreferencePair> preferences(Curated curated) {
        if (!(curated.outcome() instanceof Kept kept)) {
            return List.of();
        }
        Map<Gap, List<PreferencePair>> pairs = new EnumMap<>(Gap.class);
        Right suitable = new Right(kept.rationale(), kept.source());
        Rationale original = curated.sample().rationale();
        boolean rewritten = kept.source().equals(SampleOutcome.REWRITE);
        boolean originalRight = !curated.originalCheck().stopped();
        if (rewritten && originalRight) {
            Right unsuitable = new Right(original, SampleOutcome.ORIGINAL);
            add(pairs, curated, Gap.SMALL, suitable, original, SampleOutcome.ORIGINAL);
            for (Wrong wrong : wrong(curated, Against.ORIGINAL)) {
                addWrong(pairs, curated, Gap.MEDIUM, unsuitable, wrong);
            }
        }
        for (Wrong wrong : wrong(curated, Against.SUITABLE)) {
            addWrong(pairs, curated, Gap.LARGE, suitable, wrong);
        }
        return pairs.values().stream().flatMap(List::stream).toList();
    }

    /**
     * A pair of the large gap against what the student itself wrote.
     *
     * @param suitable the problem's row of D_SFT
     * @param reply the student's, as a whole
     * @param number of the pair among those of this problem and the student, from 1
     * @throws InputException saying why it cannot be a rejected side: right after all, or told apart by more than reasoning
     */
    public PreferencePair mistake(Problem problem, SftRow suitable, String reply, int number) {
        // a student whose template opens the thought closes it before a reply that knows no tags
        String wrong = Reasoning.withoutEmptyThought(reply);
        WrongRationale.objection(problem, Rationale.of(wrong), Rationale.of(suitable.completion()))
                .ifPresent(objection -> {
                    throw new InputException(objection);
                });
        return new PreferencePair(
                suitable.id() + "#student-" + number,
                suitable.prompt(),
                suitable.completion(),
                wrong,
                beta(Gap.LARGE),
                Gap.LARGE,
                suitable.source(),
                "student");
    }

    /** Wrong rationales that may be set against this right side, not yet checked for it. */
    private static List<Wrong> wrong(Curated curated, Against against) {
        List<Wrong> wrong = new ArrayList<>();
        for (Distraction distraction : curated.distractions()) {
            if (distraction.against() == against) {
                distraction.reply().found().ifPresent(text -> wrong.add(new Wrong(text, "distractor")));
            }
        }
        if (against == Against.SUITABLE) {
            for (Round round : curated.rounds()) {
                if (!round.verified()) {
                    round.rewrite().found().ifPresent(text -> wrong.add(new Wrong(text, "refused-rewrite")));
                }
            }
            if (curated.originalCheck().stopped(Check.RULE)) {
                wrong.add(new Wrong(curated.sample().rationale(), SampleOutcome.ORIGINAL));
            }
        }
        return wrong;
    }

    private void addWrong(Map<Gap, List<PreferencePair>> pairs, Curated curated, Gap gap, Right right, Wrong wrong) {
        Rationale chosen = RationaleLayout.of(right.rationale());
        Rationale laidOut = RationaleLayout.like(wrong.rationale(), chosen);
        if (WrongRationale.objection(curated.sample().problem(), laidOut, chosen)
                .isPresent()) {
            return;
        }
        add(pairs, curated, gap, right, laidOut, wrong.from());
    }

    private void add(
            Map<Gap, List<PreferencePair>> pairs,
            Curated curated,
            Gap gap,
            Right right,
            Rationale rejected,
            String rejectedFrom) {
        Problem problem = curated.sample().problem();
        List<PreferencePair> ofGap = pairs.computeIfAbsent(gap, _ -> new ArrayList<>());
        String rejectedRow = format.completion(RationaleLayout.of(rejected));
        String chosenRow = format.completion(RationaleLayout.of(right.rationale()));
        if (chosenRow.equals(rejectedRow)
                || ofGap.stream().anyMatch(pair -> pair.rejected().equals(rejectedRow))) {
            return;
        }
        ofGap.add(new PreferencePair(
                problem.id() + "#" + gap.name().toLowerCase(Locale.ROOT) + "-" + (ofGap.size() + 1),
                format.prompt(problem),
                chosenRow,
                rejectedRow,
                beta(gap),
                gap,
                right.from(),
                rejectedFrom));
    }

    private double beta(Gap gap) {
        Double value = beta.get(gap);
        if (value == null) {
            throw new IllegalStateException("no beta for " + gap);
        }
        return value;
    }
}
