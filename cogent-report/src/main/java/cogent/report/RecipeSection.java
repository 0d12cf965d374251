package cogent.report;

import cogent.data.Count;
import cogent.pipeline.run.Environment.Fact;
import cogent.report.ReportData.Artefact;
import cogent.report.chart.Html;
import cogent.report.chart.Typography;

/** What is needed to have the run again: the recipe, the environment, the files with their hashes. */
final class RecipeSection {
    private RecipeSection() {}

    static String recipe(ReportData data) {
        return Section.of(
                "recipe",
                "Recipe",
                data.recipe().isBlank()
                        ? "<p class=\"none\">The recipe is not on record.</p>\n"
                        : "<p>As resolved, with every default; secrets are never written.</p>\n"
                                + "<details class=\"paper\"><summary>recipe.yaml, "
                                + Count.of(data.recipe().strip().lines().count(), "line")
                                + "</summary>\n<pre tabindex=\"0\"><code>"
                                + Html.escape(data.recipe().strip())
                                + "</code></pre></details>\n");
    }

    static String environment(ReportData data) {
        StringBuilder out = new StringBuilder("<dl class=\"facts\">");
        for (Fact f : data.environment()) {
            out.append("<div><dt>")
                    .append(Html.escape(f.name()))
                    .append("</dt><dd>")
                    .append(Html.escape(f.value()))
                    .append("</dd></div>");
        }
        out.append("</dl>\n");
        if (!data.artefacts().isEmpty()) {
            StringBuilder rows = new StringBuilder();
            for (Artefact a : data.artefacts()) {
                rows.append("<tr>")
                        .append(Html.thRow(a.path()))
                        .append(Html.tdNumber(Typography.bytes(a.bytes())))
                        .append("<td class=\"hash\">")
                        .append(Html.escape(a.sha256()))
                        .append("</td></tr>");
            }
            out.append(Html.table(
                    "Files of the run", Html.th("file") + Html.thNumber("size") + Html.th("SHA-256"), rows.toString()));
        }
        return Section.of("environment", "Environment", out.toString());
    }
}
