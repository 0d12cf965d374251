package cogent.report;

import cogent.report.chart.Html;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The run's page: one HTML file that loads nothing, holds no script, and forbids both by its own content security
 * policy. A pure function of its data: equal data give equal bytes.
 */
public final class Report {
    private Report() {}

    /** The whole page; write it as UTF-8. */
    public static String html(ReportData data) {
        return page(
                data.title().run(),
                HeadSection.html(data)
                        + "<main>\n"
                        + ResultSection.html(data)
                        + PathSection.html(data)
                        + TrainingSection.html(data)
                        + ExamplesSection.html(data)
                        + RecipeSection.recipe(data)
                        + RecipeSection.environment(data)
                        + "</main>\n");
    }

    /** A page of its own around a body. */
    static String page(String title, String body) {
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta name="referrer" content="no-referrer">
                <link rel="icon" href="data:,">
                """
                + "<title>" + Html.escape(title) + " · Cogent</title>\n<style>\n" + style()
                + "</style>\n</head>\n<body>\n"
                + body
                + "</body>\n</html>\n";
    }

    /** The style sheet of all pages. */
    public static String style() {
        try (InputStream in = Report.class.getResourceAsStream("report.css")) {
            if (in == null) {
                throw new IllegalStateException("report.css is missing from the build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
