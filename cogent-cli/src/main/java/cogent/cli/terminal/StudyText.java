package cogent.cli.terminal;

import cogent.data.Count;
import cogent.pipeline.study.StudyResult;
import cogent.pipeline.study.StudyResult.Difference;
import cogent.pipeline.study.StudyResult.Table;
import java.util.List;
import java.util.Locale;

/** A study's tables for the terminal. */
public final class StudyText {
    private StudyText() {}

    /** One table of means and one of differences for each benchmark. */
    public static String of(StudyResult data) {
        StringBuilder text = new StringBuilder();
        for (Table table : data.tables()) {
            int name = Math.max(
                    width(table.rows().stream().map(StudyResult.Row::variant).toList()),
                    width(table.differences().stream().map(StudyText::name).toList()));
            text.append("\n %s (%s, %s)%n"
                    .formatted(
                            table.benchmark(),
                            table.decoding(),
                            Count.of(data.seeds().size(), "seed")));
            text.append(row(name, "", "correct", "95 % interval", "p", "p corrected"));
            for (StudyResult.Row r : table.rows()) {
                text.append(row(
                        name,
                        r.variant(),
                        points("%.1f %%", r.mean().mean()),
                        interval(
                                "%.1f – %.1f",
                                r.mean().interval().low(), r.mean().interval().high()),
                        "",
                        ""));
            }
            text.append('\n');
            for (Difference d : table.differences()) {
                text.append(row(
                        name,
                        name(d),
                        points("%+.1f  ", d.mean().mean()),
                        interval(
                                "%+.1f – %+.1f",
                                d.mean().interval().low(), d.mean().interval().high()),
                        p(d.p()),
                        p(d.corrected())));
            }
        }
        return text.append('\n').toString();
    }

    private static String name(Difference d) {
        return d.variant() + " against " + d.against();
    }

    private static int width(List<String> names) {
        return names.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String row(int width, String name, String value, String interval, String p, String corrected) {
        return ("   %-" + width + "s  %9s  %17s  %8s  %11s")
                        .formatted(name, value, interval, p, corrected)
                        .stripTrailing()
                + "\n";
    }

    private static String points(String format, double fraction) {
        return Double.isNaN(fraction) ? "–" : String.format(Locale.ROOT, format, 100 * fraction);
    }

    private static String interval(String format, double low, double high) {
        return Double.isNaN(low) ? "–" : String.format(Locale.ROOT, format, 100 * low, 100 * high);
    }

    private static String p(double p) {
        return Double.isNaN(p) ? "–" : p < 0.001 ? "< 0.001" : String.format(Locale.ROOT, p < 0.1 ? "%.3f" : "%.2f", p);
    }
}
