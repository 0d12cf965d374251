package cogent.report;

import cogent.answer.Answers;
import cogent.curate.Curated;
import cogent.curate.Round;
import cogent.curate.agent.FailedAttempt;
import cogent.curate.agent.Verification;
import cogent.curate.run.CurationSummary;
import cogent.curate.run.Stories;
import cogent.data.Count;
import cogent.data.Difficulty;
import cogent.data.Gap;
import cogent.data.PreferencePair;
import cogent.data.Rationale;
import cogent.data.RowFormat;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.llm.meter.UsageTotals;
import cogent.llm.run.ChatModels;
import cogent.llm.store.Unanswered.Lost;
import cogent.pipeline.curate.Agents;
import cogent.pipeline.curate.Cleaning;
import cogent.pipeline.recipe.EndpointConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.result.AuthorResult;
import cogent.pipeline.result.CurateResult;
import cogent.pipeline.result.StageResult;
import cogent.pipeline.run.Manifest;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ReportData.AgentUse;
import cogent.report.ReportData.Agreement;
import cogent.report.ReportData.Attempt;
import cogent.report.ReportData.Counted;
import cogent.report.ReportData.Curation;
import cogent.report.ReportData.CurationExample;
import cogent.report.ReportData.GapPairs;
import cogent.report.ReportData.StudentView;
import cogent.report.ReportData.Wrong;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The report's part on the curation. */
public record CurationReport(Recipe recipe, RunDirectory run) {
    /** Refused rows in which examples are looked for. */
    private static final int LOOKED_AT = 10_000;

    /** Whether an agent was asked at all, be it in vain. */
    static boolean begun(RunDirectory run) {
        return run.isBegun()
                && (Files.exists(run.refused())
                        || ChatModels.spent(run.root()).keySet().stream().anyMatch(agent -> !agent.equals("evaluate")));
    }

    /** From the manifest when the curation is done, from the stories so far when it is not; empty before it began. */
    public Optional<Curation> of(Optional<Manifest> done) {
        if (done.isEmpty() && !begun(run)) {
            return Optional.empty();
        }
        return Optional.of(done.map(m -> curation(((CurateResult) m.result()).curation()))
                .orElseGet(() -> curation(Stories.soFar(
                        run.root(), Agents.pairs(recipe, recipe.format().rows())))));
    }

    private Curation curation(CurationSummary summary) {
        long unseen = count(summary, "corpus: ") + count(summary, "endpoint: ");
        long kept = summary.kept().values().stream().mapToLong(Long::longValue).sum();
        return new Curation(
                notes(summary),
                summary.samples() + unseen,
                summary.labels(),
                summary.kept().getOrDefault("original", 0L),
                summary.verifiedAtRound(),
                refused(summary),
                kept,
                Stream.of(Gap.values())
                        .flatMap(gap -> Optional.ofNullable(summary.pairs().get(gap)).stream()
                                .map(b -> new GapPairs(gap, recipe.curate().beta(gap), b.pairs(), b.chosenLonger())))
                        .toList(),
                counts(summary.distractions()),
                agents(summary),
                recipe.curate().critic().teacherVotes() > 1
                        ? OptionalDouble.of(summary.voteAgreement())
                        : OptionalDouble.empty(),
                summary.agreement().entrySet().stream()
                        .map(e -> agreement(e.getKey(), e.getValue()))
                        .toList(),
                summary.studentFigures().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new StudentView(
                                summary.studentFigures(), summary.teacherAndStudent(), summary.disagreements())),
                Stories.telling(run.root()).stream().map(this::example).toList());
    }

    private static long count(CurationSummary summary, String stage) {
        return summary.refused().entrySet().stream()
                .filter(e -> e.getKey().startsWith(stage))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** With the words of the first of each kind: the reason alone does not tell what an endpoint said. */
    private List<Counted> refused(CurationSummary summary) {
        Map<String, String> examples = new HashMap<>();
        if (Files.exists(run.refused())) {
            try (Stream<Row> rows = RowFile.open(run.refused())) {
                rows.limit(LOOKED_AT).map(Row::fields).forEach(row -> {
                    String reason = row.path("reason").asString("");
                    String detail = row.path("detail").asString("");
                    String kind = row.path("stage").asString("") + ": ";
                    examples.putIfAbsent(kind + reason, detail);
                    examples.putIfAbsent(kind + FailedAttempt.withoutDetail(reason), reason);
                });
            }
        }
        return summary.refused().entrySet().stream()
                .map(e -> new Counted(e.getKey(), e.getValue(), examples.getOrDefault(e.getKey(), "")))
                .toList();
    }

    private static List<Counted> counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(e -> new Counted(e.getKey(), e.getValue()))
                .toList();
    }

    private static Agreement agreement(String check, CurationSummary.Agreement a) {
        long same = a.bothPassed() + a.bothFailed();
        return new Agreement(check, same, same + a.onlyFirstPassed() + a.onlySecondPassed());
    }

    private List<AgentUse> agents(CurationSummary summary) {
        Map<String, UsageTotals> spent = ChatModels.spent(run.root());
        EndpointConfig teacher = recipe.teacher();
        boolean priced = Recipe.PLAYGROUND.equals(teacher.url())
                || teacher.priceIn() > 0
                || teacher.priceOut() > 0
                || spent.values().stream().anyMatch(tally -> tally.cost() > 0);
        Map<String, Lost> lost = ChatModels.lost(run.root());
        Map<String, UsageTotals> ordered = new TreeMap<>(Agents.BY_WORK);
        lost.keySet().forEach(agent -> ordered.put(agent, UsageTotals.NOTHING));
        ordered.putAll(spent);
        List<AgentUse> agents = new ArrayList<>();
        ordered.forEach((agent, tally) -> agents.add(new AgentUse(
                agent,
                tally.calls(),
                tally.promptTokens(),
                tally.completionTokens(),
                tally.reasoningTokens(),
                replies(agent, summary).map(CurationSummary.Replies::wasted).orElse(0L),
                lost.getOrDefault(agent, Lost.NONE).calls(),
                lost.getOrDefault(agent, Lost.NONE).mostCost(),
                priced ? OptionalDouble.of(tally.cost()) : OptionalDouble.empty())));
        return agents;
    }

    /** The author's are counted by its own stage. */
    private Optional<CurationSummary.Replies> replies(String agent, CurationSummary summary) {
        return agent.equals("author")
                ? result("author", AuthorResult.class).map(AuthorResult::replies)
                : Optional.ofNullable(summary.replies().get(agent));
    }

    private <T extends StageResult> Optional<T> result(String stage, Class<T> kind) {
        return Manifest.read(run.manifest(stage)).map(Manifest::result).map(kind::cast);
    }

    /** What the pictures and tables do not say. */
    private List<String> notes(CurationSummary summary) {
        List<String> notes = new ArrayList<>();
        result("author", AuthorResult.class)
                .filter(author -> recipe.curate().author().writes() && author.missing() > 0)
                .ifPresent(author -> notes.add("%s of the corpus had no rationale; the author wrote %,d of them."
                        .formatted(Count.of(author.missing(), "row"), author.written())));
        summary.replies().forEach((agent, replies) -> inVain(agent, replies).ifPresent(notes::add));
        ChatModels.otherModels(run.root())
                .forEach(other -> notes.add("Asked for the model \"%s\", answered %s as \"%s\"."
                        .formatted(other.asked(), Count.of(other.calls(), "call"), other.answered())));
        summary.flagged()
                .forEach((why, n) -> notes.add("Flagged, and kept all the same: %,d × %s. Which ones stands in %s."
                        .formatted(n, why, run.flagged().getFileName())));
        List<String> unseen = result("curate", CurateResult.class)
                .map(CurateResult::unchecked)
                .orElseGet(() -> Cleaning.unseen(recipe));
        if (!unseen.isEmpty()) {
            notes.add("Careful: " + Cleaning.unchecked(unseen));
        }
        return notes;
    }

    private static Optional<String> inVain(String agent, CurationSummary.Replies replies) {
        if (replies.wasted() == 0) {
            return Optional.empty();
        }
        String reasons = replies.reasons().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(reason -> "%,d × %s".formatted(reason.getValue(), reason.getKey()))
                .collect(Collectors.joining(", "));
        return Optional.of("Replies of the %s that could not be used: %s.".formatted(agent, reasons));
    }

    private CurationExample example(Curated curated) {
        Difficulty label = Optional.ofNullable(curated.critique().label()).orElseThrow();
        return new CurationExample(
                curated.sample().id(),
                curated.sample().problem().text(),
                curated.sample().problem().answer(),
                curated.sample().rationale().text(),
                label,
                curated.critique().reasoning().orElse(""),
                curated.rounds().stream().map(CurationReport::attempt).toList(),
                wrong(curated));
    }

    private static Attempt attempt(Round round) {
        Verification verification = round.verification();
        return new Attempt(
                round.rewrite()
                        .found()
                        .map(Rationale::text)
                        .orElse("no rewrite: " + round.rewrite().failure()),
                round.verified(),
                verification == null
                        ? List.of()
                        : verification.findings().stream()
                                .map(CurationReport::words)
                                .toList());
    }

    /** What a check found, as {@code judge passed: every step holds}. */
    public static String words(Verification.Finding finding) {
        return word(finding.check()) + " " + word(finding.result())
                + (finding.reason().isBlank() ? "" : ": " + finding.reason());
    }

    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The wrong rationales that became rejected sides, with β of their pairs. */
    private List<Wrong> wrong(Curated curated) {
        Map<String, List<PreferencePair>> byText = new LinkedHashMap<>();
        for (PreferencePair pair : Agents.pairs(recipe, RowFormat.PLAIN).preferences(curated)) {
            if (pair.gap() != Gap.SMALL) {
                byText.computeIfAbsent(pair.rejected(), _ -> new ArrayList<>()).add(pair);
            }
        }
        return byText.entrySet().stream()
                .map(e -> new Wrong(
                        e.getKey(),
                        e.getValue().getFirst().rejectedFrom(),
                        conclusion(curated, e.getKey()),
                        betas(e.getValue())))
                .toList();
    }

    private static Map<Gap, Double> betas(List<PreferencePair> pairs) {
        Map<Gap, Double> betas = new EnumMap<>(Gap.class);
        pairs.forEach(pair -> Optional.ofNullable(pair.gap()).ifPresent(gap -> betas.put(gap, pair.beta())));
        return betas;
    }

    private static String conclusion(Curated curated, String text) {
        return Stream.of(
                        Stream.of(curated.sample().rationale()),
                        curated.rounds().stream().flatMap(r -> r.rewrite().found().stream()),
                        curated.distractions().stream().flatMap(d -> d.reply().found().stream()))
                .flatMap(rationales -> rationales)
                .filter(rationale -> rationale.text().equals(text))
                .map(Rationale::conclusion)
                .findFirst()
                .or(() -> Answers.extract(text))
                .orElse("");
    }
}
