package cogent.studio.sample;

import cogent.curate.Curated;
import cogent.curate.Round;
import cogent.curate.SampleOutcome;
import cogent.curate.agent.AgentResult;
import cogent.curate.agent.Critique;
import cogent.curate.agent.Distraction;
import cogent.curate.agent.FailedAttempt;
import cogent.curate.agent.Verification;
import cogent.curate.run.ListedSample;
import cogent.curate.run.SampleList;
import cogent.data.PreferencePair;
import cogent.data.Rationale;
import cogent.pipeline.curate.Agents;
import cogent.pipeline.curate.RefusedRows;
import cogent.pipeline.notes.Note;
import cogent.pipeline.notes.Notes;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.report.CurationReport;
import cogent.report.chart.Html;
import cogent.studio.html.Form;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** One sample's story: what the corpus holds, what each agent made of it, the pairs that came of it. */
public record SamplePage(RunFolder folder) {
    public Reply answer(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        Recipe recipe = run.readRecipe();
        ListedSample sample = sample(run, request.segment("sample"));
        ShownNotes notes = ShownNotes.of(run);
        SafeHtml content = SafeHtml.of(
                """
                <div class="problem">{}<p>Answer sought: <b dir="auto">{}</b></p></div>
                {}{}{}{}{}{}
                """,
                text(sample.sample().problem().text()),
                sample.sample().problem().answer(),
                links(name, run, sample),
                notes.trouble(),
                note(
                        name,
                        request,
                        sample.sample().id(),
                        notes.notes().on(sample.sample().id())),
                SampleBackground.before(run, sample.sample().id()),
                sample.curated()
                        .map(curated -> story(curated, recipe))
                        .orElseGet(() -> SafeHtml.of(
                                sample.readable()
                                        ? "<h2>Teacher's rationale</h2>{}<p class=\"none\">No agent has answered yet: {}. The same command tries again.</p>"
                                        : "{}<p class=\"wrong\">{}</p>",
                                sample.readable()
                                        ? text(sample.sample().rationale().text())
                                        : SafeHtml.NONE,
                                sample.reason())),
                SampleBackground.mistakes(run, sample.sample().id()));
        return Reply.page(Layout.run(name, sample.sample().id(), content));
    }

    public static ListedSample sample(RunDirectory run, String id) {
        return SampleList.one(run.root(), id).orElseThrow(() -> RefusedRequest.notFound(RefusedRows.missing(run, id)));
    }

    private static SafeHtml links(String name, RunDirectory run, ListedSample sample) {
        OptionalLong before = SampleList.before(run.root(), SampleList.Where.ALL, sample.position(), 1);
        return SafeHtml.of(
                "<p class=\"pages\"><a href=\"{}\">Prompts and replies</a> <a href=\"{}\">Tokens</a> {} {}</p>",
                Url.of("run", name, "sample", sample.sample().id(), "calls"),
                Url.of("run", name, "sample", sample.sample().id(), "tokens"),
                before.isEmpty() ? SafeHtml.NONE : link(name, run, before.getAsLong(), "prev", "Previous sample"),
                link(name, run, sample.position(), "next", "Next sample"));
    }

    private static SafeHtml link(String name, RunDirectory run, long after, String which, String words) {
        return SampleList.page(run.root(), SampleList.Where.ALL, after, 1, 1, _ -> true).samples().stream()
                .findFirst()
                .map(there -> SafeHtml.of(
                        "<a rel=\"{}\" href=\"{}\">{}</a>",
                        which,
                        Url.of("run", name, "sample", there.sample().id()),
                        words))
                .orElse(SafeHtml.NONE);
    }

    private static SafeHtml note(String name, Request request, String id, Note note) {
        return SafeHtml.of(
                """
                <form class="note-form" method="post" action="{}">{}{}{}
                <label><span>comment</span><textarea name="comment" rows="2">{}</textarea></label><button>Keep the note</button></form>
                """,
                Url.of("run", name, "sample", id),
                Layout.key(request.formKey()),
                Form.checkbox("marked", "★ marked", note.marked()),
                Form.checkbox("left_out", "leave out of training", note.leftOut()),
                note.comment());
    }

    /** Keeps what somebody noted. */
    public Reply keep(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        String id = sample(run, request.segment("sample")).sample().id();
        Notes.put(
                run,
                id,
                new Note(
                        request.form("marked").equals("yes"),
                        request.form("left_out").equals("yes"),
                        request.form("comment").strip()));
        return Reply.see(Url.of("run", name, "sample", id));
    }

    private static SafeHtml story(Curated curated, Recipe recipe) {
        return SafeHtml.of(
                """
                <h2>Critic: {}</h2>{}
                {}
                <h2>{}</h2>{}
                {}{}
                """,
                Optional.ofNullable(curated.critique().label())
                        .map(CurationReport::word)
                        .orElse("no label"),
                votes(curated.critique()),
                curated.rounds().isEmpty()
                        ? SafeHtml.of(
                                "<h2>Teacher's rationale</h2>{}{}",
                                text(curated.sample().rationale().text()),
                                findings(curated.originalCheck()))
                        : rounds(curated),
                curated.outcome() instanceof SampleOutcome.Kept ? "Kept" : "Left out",
                outcome(curated.outcome()),
                distractions(curated),
                pairs(Agents.pairs(recipe, recipe.format().rows()).preferences(curated)));
    }

    private static SafeHtml votes(Critique critique) {
        List<SafeHtml> votes = critique.votes().stream()
                .map(vote -> SafeHtml.of(
                        "<li><b>{}</b> {}{}</li>",
                        vote.found().map(v -> CurationReport.word(v.label())).orElse("unreadable"),
                        vote.found().map(Critique.Vote::reasoning).orElse(""),
                        attempts(vote.failedAttempts())))
                .toList();
        SafeHtml student = Optional.ofNullable(critique.student())
                .map(view -> SafeHtml.of(
                        "<p>The student itself finds it {}: {}.</p>",
                        CurationReport.word(view.label()),
                        view.measure().fits()
                                ? String.format(
                                        Locale.ROOT,
                                        "answer %.2f, work %.2f nats a token, rank-surprisal %.1f, %,d tokens",
                                        view.measure().answerLogp(),
                                        view.measure().workLogp(),
                                        view.measure().rankSurprisal(),
                                        view.measure().tokens())
                                : "longer than its context"))
                .orElse(SafeHtml.NONE);
        return SafeHtml.of("{}{}", SafeHtml.when(!votes.isEmpty(), "<ul class=\"reading\">{}</ul>", votes), student);
    }

    private static SafeHtml rounds(Curated curated) {
        String original = curated.sample().rationale().text();
        return SafeHtml.of(
                "{}",
                curated.rounds().stream().map(round -> round(round, original)).toList());
    }

    private static SafeHtml round(Round round, String original) {
        SafeHtml heading = SafeHtml.of(
                "<h2>Rewrite {}{}</h2>",
                round.number(),
                round.verified() ? ": verified" : round.rewrite().found().isPresent() ? ": refused" : ": none");
        if (round.rewrite().found().isEmpty()) {
            return SafeHtml.of(
                    "{}<p class=\"none\">{}</p>{}",
                    heading,
                    round.rewrite().failure(),
                    attempts(round.rewrite().failedAttempts()));
        }
        Rationale rewrite = round.rewrite().found().get();
        WordDiff diff = WordDiff.of(original.strip(), rewrite.text().strip());
        return SafeHtml.of(
                "{}{}{}{}",
                heading,
                sides("Teacher's rationale", original, diff.before(), "Rewrite", rewrite.text(), diff.after()),
                Optional.ofNullable(round.verification())
                        .map(SamplePage::findings)
                        .orElse(SafeHtml.NONE),
                attempts(round.rewrite().failedAttempts()));
    }

    private static SafeHtml findings(Verification verification) {
        return SafeHtml.of(
                "<ul class=\"reading\">{}</ul>",
                verification.findings().stream()
                        .map(finding -> SafeHtml.of("<li>{}</li>", CurationReport.words(finding)))
                        .toList());
    }

    private static SafeHtml attempts(List<FailedAttempt> attempts) {
        return SafeHtml.when(
                !attempts.isEmpty(),
                "<p class=\"note\">Replies that could not be used: {}</p>",
                FailedAttempt.summary(attempts));
    }

    private static SafeHtml outcome(SampleOutcome outcome) {
        return switch (outcome) {
            case SampleOutcome.Kept kept -> SafeHtml.of("<p>A row to train on: the {}.</p>", kept.source());
            case SampleOutcome.Refused refused ->
                SafeHtml.of(
                        "<p class=\"wrong\">{}</p>{}",
                        refused.reason(),
                        SafeHtml.when(!refused.detail().isBlank(), "<p>{}</p>", refused.detail()));
        };
    }

    private static SafeHtml distractions(Curated curated) {
        List<SafeHtml> none = curated.distractions().stream()
                .filter(wrong -> wrong.reply().found().isEmpty())
                .map(wrong -> SafeHtml.of(
                        "<li>{} mistake against the {}: {}</li>",
                        CurationReport.word(wrong.mistake()),
                        against(wrong),
                        failure(wrong.reply())))
                .toList();
        return SafeHtml.when(
                !none.isEmpty(), "<h2>Wrong rationales that did not come</h2><ul class=\"reading\">{}</ul>", none);
    }

    private static String against(Distraction wrong) {
        return wrong.against() == Distraction.Against.ORIGINAL ? "original" : "suitable one";
    }

    private static String failure(AgentResult<?> reply) {
        return reply.failure().isBlank() ? "no reply" : reply.failure();
    }

    private static SafeHtml pairs(List<PreferencePair> pairs) {
        return SafeHtml.of(
                "<h2>Pairs</h2>{}",
                pairs.isEmpty()
                        ? SafeHtml.of("<p class=\"none\">None.</p>")
                        : SafeHtml.of("{}", pairs.stream().map(SamplePage::pair).toList()));
    }

    private static SafeHtml pair(PreferencePair pair) {
        WordDiff diff = WordDiff.of(pair.rejected().strip(), pair.chosen().strip());
        return SafeHtml.of(
                "<h3>{} gap <small>β {} · {} over {}</small></h3>{}",
                pair.gap() == null ? "no" : CurationReport.word(pair.gap()),
                pair.beta(),
                pair.chosenFrom(),
                pair.rejectedFrom(),
                sides("Chosen", pair.chosen(), diff.after(), "Rejected", pair.rejected(), diff.before()));
    }

    private static SafeHtml sides(
            String leftName, String left, SafeHtml leftShown, String rightName, String right, SafeHtml rightShown) {
        return SafeHtml.of(
                """
                <div class="sides"><div><h4>{} <small>{} characters</small></h4><div class="text" dir="auto">{}</div></div>
                <div><h4>{} <small>{} characters</small></h4><div class="text" dir="auto">{}</div></div></div>""",
                leftName,
                "%,d".formatted(left.length()),
                leftShown,
                rightName,
                "%,d".formatted(right.length()),
                rightShown);
    }

    static SafeHtml text(String text) {
        return SafeHtml.written(Html.text(text));
    }
}
