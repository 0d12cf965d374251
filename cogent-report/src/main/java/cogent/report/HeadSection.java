package cogent.report;

import cogent.report.ReportData.Stage;
import cogent.report.ReportData.Title;
import cogent.report.chart.Html;
import cogent.report.chart.Typography;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The page's head: which run this is, how far it is, and how to have it again. */
final class HeadSection {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private HeadSection() {}

    static String html(ReportData data) {
        Title t = data.title();
        StringBuilder out = new StringBuilder("<header>\n<p class=\"brand\">Cogent ")
                .append(Html.escape(t.version()))
                .append(" · report of a run</p>\n<h1>")
                .append(Html.escape(t.run()))
                .append("</h1>\n<dl class=\"facts\">");
        fact(out, "student", t.student());
        fact(out, "teacher", t.teacher());
        fact(out, "device", t.device());
        fact(out, "seed", t.seed().isPresent() ? Long.toString(t.seed().getAsLong()) : "none set");
        fact(out, "written", DATE.format(t.written()));
        fact(out, "duration", Typography.duration(t.duration()));
        out.append("</dl>\n<p class=\"again\">To have this run again: <code>")
                .append(Html.escape(t.command()))
                .append("</code></p>\n");
        stages(out, data);
        return out.append("""
                <nav aria-label="Sections"><a href="#result">Result</a> <a href="#path">Path of the data</a>
                <a href="#training">Training</a> <a href="#examples">Examples</a> <a href="#recipe">Recipe</a>
                <a href="#environment">Environment</a></nav>
                </header>
                """).toString();
    }

    private static void fact(StringBuilder out, String name, String value) {
        out.append("<div><dt>")
                .append(name)
                .append("</dt><dd>")
                .append(Html.escape(value))
                .append("</dd></div>");
    }

    private static void stages(StringBuilder out, ReportData data) {
        if (data.stages().isEmpty()) {
            return;
        }
        out.append("<ol class=\"stages\" aria-label=\"Stages\">");
        for (Stage s : data.stages()) {
            String state = s.state().name().toLowerCase(Locale.ROOT).replace('_', '-');
            out.append("<li class=\"")
                    .append(state)
                    .append("\"><b>")
                    .append(Html.escape(s.name()))
                    .append("</b><span>")
                    .append(
                            switch (s.state()) {
                                case DONE -> Html.escape(s.summary());
                                case PARTLY ->
                                    "under way" + (s.summary().isBlank() ? "" : ": " + Html.escape(s.summary()));
                                case NOT_RUN -> "not run yet";
                            })
                    .append("</span></li>");
        }
        out.append("</ol>\n");
    }
}
