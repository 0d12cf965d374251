package cogent.studio.start;

import cogent.pipeline.Pipeline;
import cogent.pipeline.plan.Estimate;
import cogent.pipeline.plan.Plan;
import cogent.pipeline.run.Elapsed;
import cogent.pipeline.run.RunDirectory;
import cogent.report.ResultText;
import cogent.studio.html.SafeHtml;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run would do, take and cost. */
final class PlanView {
    private PlanView() {}

    static SafeHtml of(Plan plan) {
        return SafeHtml.of(
                """
                {}<div class="scroll" role="region" tabindex="0" aria-label="Plan"><table><caption>Plan</caption>
                <thead><tr><th scope="col">stage</th><th scope="col">state</th><th scope="col">work</th><th scope="col">takes</th></tr></thead>
                <tbody>{}</tbody></table></div>""",
                SafeHtml.when(
                        !plan.missing().isEmpty(),
                        "<div class=\"warning\"><p><b>Missing:</b></p><ul>{}</ul></div>",
                        plan.missing().stream()
                                .map(what -> SafeHtml.of("<li>{}</li>", what))
                                .toList()),
                plan.rows().stream().map(row -> row(plan, row)).toList());
    }

    private static SafeHtml row(Plan plan, Plan.Row row) {
        String work = row.done()
                .map(result -> ResultText.of(plan.recipe(), RunDirectory.of(plan.recipe()))
                        .of(row.stage(), result))
                .orElse(row.estimate().work() + (row.why().isEmpty() ? "" : " (" + row.why() + ")"));
        return SafeHtml.of(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
                row.stage(),
                state(row.state()),
                work,
                takes(row.estimate()));
    }

    private static String state(Pipeline.State state) {
        return switch (state) {
            case DONE -> "done";
            case TO_DO -> "to do";
            case AGAIN -> "again";
            case NEEDS_EARLIER -> "after others";
        };
    }

    private static String takes(Estimate estimate) {
        List<String> parts = new ArrayList<>();
        estimate.numbers().forEach((name, number) -> {
            double n = number.doubleValue();
            switch (name) {
                case "tokens_in" -> parts.add(String.format(Locale.ROOT, "%,.0f tokens in", n));
                case "tokens_out" -> parts.add(String.format(Locale.ROOT, "%,.0f tokens out", n));
                case "cost" -> parts.add(String.format(Locale.ROOT, "cost %.2f", n));
                case "memory_bytes" -> parts.add(String.format(Locale.ROOT, "%.1f GiB", n / (1L << 30)));
                case "seconds" -> parts.add(Elapsed.text(Duration.ofMillis(Math.round(1000 * n))));
                default -> {}
            }
        });
        if (!estimate.basis().isEmpty()) {
            parts.add(estimate.basis());
        }
        return String.join(" · ", parts);
    }
}
