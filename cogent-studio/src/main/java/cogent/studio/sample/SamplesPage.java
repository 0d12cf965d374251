package cogent.studio.sample;

import cogent.curate.PairBuilder;
import cogent.curate.SampleOutcome;
import cogent.curate.run.ListedSample;
import cogent.curate.run.SampleList;
import cogent.data.Count;
import cogent.pipeline.curate.Agents;
import cogent.pipeline.notes.Note;
import cogent.pipeline.notes.Notes;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.report.chart.Html;
import cogent.studio.html.Form;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** A run's samples, a page at a time, with search and filters. */
public record SamplesPage(RunFolder folder) {
    private static final int ROWS = 50;

    /** Stories read for one page where they alone can tell: well under a second. */
    static final int LOOK_AT = 4_000;

    private static final int PROBLEM_CHARACTERS = 120;

    public Reply answer(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        Recipe recipe = run.readRecipe();
        SampleQuery query = SampleQuery.of(request);
        if (!run.isBegun()) {
            String none = Files.exists(run.manifest("curate"))
                    ? "The samples were curated, but run.db, in which they are kept, is not in this run's folder any more."
                    : "No sample has been looked at yet.";
            return Reply.page(Layout.run(name, "Samples", SafeHtml.of("<p>{}</p>", none)));
        }
        List<SampleList.Group> groups = SampleList.groups(run.root());
        ShownNotes shown = ShownNotes.of(run);
        Notes notes = shown.notes();
        SampleList.Page page = page(run, recipe, query, notes, after(request));
        SafeHtml content = SafeHtml.of(
                """
                {}
                <form class="filters" method="get" role="search">{}<button>Show</button> <a href="{}">All</a></form>
                {}{}{}
                """,
                Layout.live("count", SafeHtml.of("<p>{}</p>", count(groups))),
                filters(groups, query),
                Url.of("run", name, "samples"),
                shown.trouble(),
                table(name, page, notes),
                below(name, query, page, notes, run));
        return Reply.page(Layout.run(name, "Samples", content));
    }

    private static long after(Request request) {
        String after = request.query("after");
        if (!after.matches("|-?\\d{1,18}")) {
            throw new RefusedRequest(400, "no such page of samples: " + after);
        }
        return after.isEmpty() ? -1 : Long.parseLong(after);
    }

    private static SampleList.Page page(RunDirectory run, Recipe recipe, SampleQuery query, Notes notes, long after) {
        PairBuilder pairs = Agents.pairs(recipe, recipe.format().rows());
        if (query.of("noted").isEmpty()) {
            return SampleList.page(
                    run.root(),
                    query.where(),
                    after,
                    ROWS,
                    query.reads() ? LOOK_AT : ROWS,
                    sample -> query.wants(sample, pairs));
        }
        List<ListedSample> noted = notes.byId().keySet().stream()
                .flatMap(id -> SampleList.one(run.root(), id).stream())
                .filter(sample -> query.wants(sample, pairs))
                .toList();
        return new SampleList.Page(noted, noted.size(), OptionalLong.empty());
    }

    private static String count(List<SampleList.Group> groups) {
        long kept = groups.stream()
                .filter(SampleList.Group::kept)
                .mapToLong(SampleList.Group::samples)
                .sum();
        long all = groups.stream().mapToLong(SampleList.Group::samples).sum();
        return all == 0
                ? "No sample has been curated in this run."
                : "%s, %,d kept and %,d left out. Rows that the corpus lost before an agent saw them stand in refused.jsonl."
                        .formatted(Count.of(all, "sample"), kept, all - kept);
    }

    private static List<SafeHtml> filters(List<SampleList.Group> groups, SampleQuery query) {
        return List.of(
                Form.input("search", "text", "text, also of the agents", query.of("text")),
                Form.select(
                        "label",
                        "label",
                        options(groups, g -> g.label().map(SamplesPage::word).orElse("")),
                        query.of("label")),
                Form.select(
                        "outcome",
                        "outcome",
                        options(groups, g -> g.kept() ? "kept" : "left out"),
                        query.of("outcome")),
                Form.select(
                        "reason", "left out because", options(groups, SampleList.Group::reason), query.of("reason")),
                Form.select("rounds", "rewrites", options(groups, g -> String.valueOf(g.rounds())), query.of("rounds")),
                Form.select("gap", "has pairs of gap", plain("small", "medium", "large"), query.of("gap")),
                Form.input("text", "answer", "an answer in it", query.of("answer")),
                Form.input("number", "longer", "original longer than", query.of("longer")),
                Form.input("number", "shorter", "and shorter than", query.of("shorter")),
                Form.checkbox("noted", "with a note", !query.of("noted").isEmpty()));
    }

    /** Every value that there is, with how many samples have it. */
    private static SequencedMap<String, String> options(
            List<SampleList.Group> groups, Function<SampleList.Group, String> value) {
        Map<String, Long> counts = new TreeMap<>();
        groups.forEach(group -> counts.merge(value.apply(group), group.samples(), Long::sum));
        SequencedMap<String, String> options = plain();
        counts.forEach((v, n) -> {
            if (!v.isEmpty()) {
                options.put(v, "%s (%,d)".formatted(v, n));
            }
        });
        return options;
    }

    private static SequencedMap<String, String> plain(String... values) {
        SequencedMap<String, String> options = new LinkedHashMap<>();
        options.put("", "any");
        List.of(values).forEach(value -> options.put(value, value));
        return options;
    }

    private static SafeHtml table(String run, SampleList.Page page, Notes notes) {
        return SafeHtml.of(
                """
                <div class="scroll" role="region" tabindex="0" aria-label="Samples"><table class="samples"><caption>{}</caption>
                <thead><tr><th scope="col">sample</th><th scope="col">problem</th><th scope="col">label</th><th scope="col">outcome</th><th scope="col" class="n">rewrites</th><th scope="col">note</th></tr></thead>
                <tbody>{}</tbody></table></div>""",
                page.samples().isEmpty()
                        ? "No such sample" + (page.next().isPresent() ? " so far" : "")
                        : Count.of(page.samples().size(), "sample") + " from row "
                                + (page.samples().getFirst().position() + 1) + " of the corpus",
                page.samples().stream().map(sample -> row(run, sample, notes)).toList());
    }

    private static SafeHtml row(String run, ListedSample sample, Notes notes) {
        Note note = notes.on(sample.sample().id());
        return SafeHtml.of(
                "<tr><th scope=\"row\"><a href=\"{}\">{}</a></th><td dir=\"auto\">{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
                Url.of("run", run, "sample", sample.sample().id()),
                sample.sample().id(),
                SafeHtml.written(Html.oneLine(sample.sample().problem().text(), PROBLEM_CHARACTERS)),
                sample.curated()
                        .map(c -> c.critique().label())
                        .map(label -> SafeHtml.of("<span class=\"pill {}\">{}</span>", word(label), word(label)))
                        .orElse(SafeHtml.of("–")),
                outcome(sample),
                sample.curated().map(c -> c.rounds().size()).orElse(0),
                SafeHtml.of(
                        "{}{}{}",
                        note.marked() ? "★ " : "",
                        note.leftOut() ? "left out of training " : "",
                        SafeHtml.written(Html.oneLine(note.comment(), 60))));
    }

    private static SafeHtml outcome(ListedSample sample) {
        return sample.curated()
                .map(curated -> switch (curated.outcome()) {
                    case SampleOutcome.Kept kept -> SafeHtml.of("<span class=\"right\">{}</span>", kept.source());
                    case SampleOutcome.Refused refused ->
                        SafeHtml.of("<span class=\"wrong\">{}</span>", refused.reason());
                })
                .orElseGet(() -> SafeHtml.of(
                        "<span class=\"wrong\">{}{}</span>",
                        sample.readable() ? "no answer yet: " : "",
                        sample.reason()));
    }

    private static SafeHtml below(
            String run, SampleQuery query, SampleList.Page page, Notes notes, RunDirectory directory) {
        String address = Url.of("run", run, "samples");
        SafeHtml next = page.next().isEmpty()
                ? SafeHtml.NONE
                : SafeHtml.of(
                        "<a rel=\"next\" href=\"{}\">{}</a>",
                        Url.with(
                                address,
                                with(query.asked(), "after", page.next().getAsLong())),
                        query.reads()
                                ? "Search on after row %,d"
                                        .formatted(page.next().getAsLong() + 1)
                                : "Next " + ROWS);
        OptionalLong before =
                page.samples().isEmpty() || query.reads() || !query.of("noted").isEmpty()
                        ? OptionalLong.empty() // how far a search would have to go back nobody knows
                        : SampleList.before(
                                directory.root(),
                                query.where(),
                                page.samples().getFirst().position(),
                                ROWS);
        SafeHtml previous = before.isEmpty()
                ? SafeHtml.NONE
                : SafeHtml.of(
                        "<a rel=\"prev\" href=\"{}\">Previous {}</a>",
                        Url.with(address, with(query.asked(), "after", before.getAsLong())),
                        ROWS);
        SafeHtml without = SafeHtml.when(
                !notes.leftOut().isEmpty() && Files.exists(directory.sftRows()),
                """
                <p class="note">{} left out of training: this run trains without them when it goes on, and again what it has trained already.
                The rows without them, for elsewhere: <a href="{}">sft.jsonl</a>, <a href="{}">preferences.jsonl</a>.</p>""",
                Count.of(notes.leftOut().size(), "sample is", "samples are"),
                Url.of("run", run, "rows", "sft.jsonl"),
                Url.of("run", run, "rows", "preferences.jsonl"));
        return SafeHtml.of(
                "<p class=\"pages\">{} {} <a href=\"{}\" download>Save all of these as JSON Lines</a></p>{}",
                previous,
                next,
                Url.with(Url.of("run", run, "samples.jsonl"), query.asked()),
                without);
    }

    private static Map<String, String> with(Map<String, String> asked, String name, long value) {
        Map<String, String> more = new LinkedHashMap<>(asked);
        more.put(name, String.valueOf(value));
        return more;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
