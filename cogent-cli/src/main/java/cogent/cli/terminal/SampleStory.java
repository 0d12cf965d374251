package cogent.cli.terminal;

import cogent.curate.Curated;
import cogent.curate.Round;
import cogent.curate.SampleOutcome;
import cogent.curate.agent.AgentResult;
import cogent.curate.agent.Critique;
import cogent.curate.agent.Critique.Vote;
import cogent.curate.agent.Distraction;
import cogent.curate.agent.StudentProbe.Measure;
import cogent.curate.agent.Verification;
import cogent.curate.run.Authored;
import cogent.curate.run.Stories;
import cogent.curate.run.UnansweredSample;
import cogent.data.Count;
import cogent.data.InputException;
import cogent.data.PreferencePair;
import cogent.data.Problem;
import cogent.data.Rationale;
import cogent.data.file.Row;
import cogent.data.file.RowFile;
import cogent.pipeline.curate.Agents;
import cogent.pipeline.curate.RefusedRows;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.Authorship;
import cogent.pipeline.run.RunDirectory;
import cogent.report.CurationReport;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One sample's way through the agents, for the terminal. */
public final class SampleStory {
    private static final int LABEL = 12;

    private final StringBuilder text = new StringBuilder();

    private SampleStory() {}

    /** @throws InputException when the run has no such sample, or has not come to it yet */
    public static String of(Recipe recipe, RunDirectory run, String id) {
        Optional<Curated> curated = Stories.one(run.root(), id);
        Optional<Authored> authored = Authorship.of(run.authored(), id);
        Optional<UnansweredSample> unanswered = Stories.unanswered(run.root(), id);
        if (curated.isEmpty() && authored.isEmpty() && unanswered.isEmpty()) {
            throw unknown(run, id);
        }
        SampleStory story = new SampleStory();
        story.say("sample", id);
        curated.ifPresent(c -> story.problem(c.sample().problem()));
        story.flags(run, id);
        authored.ifPresent(story::author);
        curated.ifPresent(c -> {
            story.tell(c, authored.isPresent());
            story.pairs(Agents.pairs(recipe, recipe.format().rows()).preferences(c));
        });
        unanswered.ifPresent(sample -> {
            story.problem(sample.sample().problem());
            story.rationale("teacher", "", sample.sample().rationale());
            story.say("no answer", sample.why().isEmpty() ? "still to come" : sample.why());
        });
        story.mistakes(run, id);
        return story.text.toString();
    }

    /** What the corpus' filters have against a sample that stays. */
    private void flags(RunDirectory run, String id) {
        if (Files.exists(run.flagged())) {
            try (Stream<Row> rows = RowFile.open(run.flagged())) {
                rows.map(Row::fields)
                        .filter(row -> row.path("id").asString("").equals(id))
                        .forEach(row -> say(
                                "flagged",
                                row.path("reason").asString("") + ": "
                                        + row.path("detail").asString("")));
            }
        }
    }

    private void problem(Problem problem) {
        say("problem", problem.text());
        say("answer", problem.answer());
    }

    private void author(Authored authored) {
        authored.failedAttempts().forEach(attempt -> say("author", "not used: " + attempt.reason()));
        Optional.ofNullable(authored.rationale())
                .ifPresentOrElse(
                        written -> rationale("author", "", written),
                        () -> say("refused", String.valueOf(authored.refused())));
    }

    private static InputException unknown(RunDirectory run, String id) {
        String known = Stories.telling(run.root()).stream()
                .map(curated -> curated.sample().id())
                .collect(Collectors.joining(", "));
        return new InputException(run.root() + ": " + RefusedRows.missing(run, id)
                + (known.isEmpty() ? " (none has)" : "; there are for instance " + known));
    }

    private void tell(Curated curated, boolean authored) {
        if (!authored) {
            rationale("teacher", "", curated.sample().rationale());
        }
        critic(curated.critique());
        curated.originalCheck().findings().forEach(finding -> say("original", CurationReport.words(finding)));
        curated.rounds().forEach(this::round);
        curated.distractions().forEach(this::distraction);
        switch (curated.outcome()) {
            case SampleOutcome.Kept kept -> say("kept", "the " + kept.source());
            case SampleOutcome.Refused why ->
                say("refused", why.reason() + (why.detail().isBlank() ? "" : ": " + why.detail()));
        }
    }

    private void critic(Critique critique) {
        String label =
                Optional.ofNullable(critique.label()).map(CurationReport::word).orElse("no label");
        String votes = critique.votes().size() < 2
                ? ""
                : critique.votes().stream()
                        .map(AgentResult::found)
                        .map(vote ->
                                vote.map(Vote::label).map(CurationReport::word).orElse("unreadable"))
                        .collect(Collectors.joining(" ", " (votes ", ")"));
        String reason = critique.reasoning()
                .filter(words -> !words.isBlank())
                .map(words -> " · \"" + words + "\"")
                .orElse("");
        say("critic", label + votes + reason);
        Optional.ofNullable(critique.student()).ifPresent(this::student);
    }

    private void student(Critique.StudentView view) {
        Measure measure = view.measure();
        say(
                "student",
                CurationReport.word(view.label())
                        + (measure.fits()
                                ? String.format(
                                        Locale.ROOT,
                                        " · measured: answer %.2f, work %.2f nats a token, rank-surprisal %.1f, %s",
                                        measure.answerLogp(),
                                        measure.workLogp(),
                                        measure.rankSurprisal(),
                                        Count.of(measure.tokens(), "token"))
                                : " · %s beyond its context"
                                        .formatted(Count.of(measure.tokens(), "token is", "tokens are"))));
    }

    private void round(Round round) {
        String name = "rethink " + round.number();
        round.rewrite()
                .found()
                .ifPresentOrElse(
                        rewrite -> rationale(name, "", rewrite),
                        () -> say(name, "no rewrite: " + round.rewrite().failure()));
        Verification verification = round.verification();
        if (verification != null) {
            say(
                    "verify " + round.number(),
                    (verification.passed() ? "verified" : "refused") + " · "
                            + verification.findings().stream()
                                    .map(CurationReport::words)
                                    .collect(Collectors.joining(" · ")));
        }
    }

    private void distraction(Distraction distraction) {
        String what = CurationReport.word(distraction.mistake()) + " mistake against the "
                + (distraction.against() == Distraction.Against.ORIGINAL ? "original" : "suitable one") + ", ";
        distraction
                .reply()
                .found()
                .ifPresentOrElse(
                        wrong -> rationale("distractor", what, wrong),
                        () -> say(
                                "distractor",
                                what + "none: " + distraction.reply().failure()));
    }

    private void pairs(List<PreferencePair> pairs) {
        say(
                "pairs",
                pairs.isEmpty()
                        ? "none"
                        : pairs.stream()
                                .map(pair -> "%s (%s ≻ %s, β %s)"
                                        .formatted(
                                                Optional.ofNullable(pair.gap())
                                                        .map(CurationReport::word)
                                                        .orElse("plain"),
                                                pair.chosenFrom(),
                                                pair.rejectedFrom(),
                                                pair.beta()))
                                .collect(Collectors.joining(" · ")));
    }

    /** What the student itself got wrong, where the recipe asked it. */
    private void mistakes(RunDirectory run, String id) {
        if (!Files.exists(run.mistakes())) {
            return;
        }
        try (Stream<Row> pairs = RowFile.open(run.mistakes())) {
            pairs.map(Row::fields)
                    .filter(pair -> pair.path("id").asString("").startsWith(id + "#student-"))
                    .forEach(pair -> rationale(
                            "student",
                            "wrong, the rejected side of a pair: ",
                            Rationale.of(pair.path("rejected").asString())));
        }
    }

    private void rationale(String label, String what, Rationale rationale) {
        String body = rationale.text().strip();
        say(
                label,
                "%s%s, %,d characters, ends in %s"
                        .formatted(
                                what,
                                Count.of(
                                        body.lines()
                                                .filter(line -> !line.isBlank())
                                                .count(),
                                        "line"),
                                body.length(),
                                rationale.conclusion().isBlank() ? "no answer" : rationale.conclusion()));
        body.lines().filter(line -> !line.isBlank()).forEach(line -> say("", "│ " + line));
    }

    private void say(String label, String words) {
        String indented = words.strip().lines().collect(Collectors.joining("\n" + " ".repeat(LABEL + 1)));
        text.append((" %-" + (LABEL - 1) + "s ").formatted(label))
                .append(indented)
                .append('\n');
    }
}
