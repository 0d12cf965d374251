package cogent.studio.html;

import java.util.List;
import java.util.stream.Stream;

/** What stands around every page. */
public final class Layout {
    private Layout() {}

    /** A page of a run. */
    public static Markup run(String run, String title, Markup content) {
        List<Markup> tabs = Stream.of("", "samples", "training", "results", "chat")
                .map(tab -> tab(run, tab, title))
                .toList();
        return page(
                title.isEmpty() ? run : run + " · " + title,
                Markup.of("""
                        <nav class="tabs" aria-label="run">{}</nav>
                        <main id="main"><h1>{}</h1>{}</main>""", tabs, title.isEmpty() ? run : title, content));
    }

    private static Markup tab(String run, String tab, String current) {
        String address = tab.isEmpty() ? Url.of("run", run) : Url.of("run", run, tab);
        String name = tab.isEmpty() ? run : tab.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + tab.substring(1);
        boolean here = tab.equalsIgnoreCase(current);
        return Markup.of("<a href=\"{}\"{}>{}</a>", address, Markup.when(here, " aria-current=\"page\""), name);
    }

    /** A page of its own. */
    public static Markup top(String title, Markup content) {
        return page(title, Markup.of("<main id=\"main\"><h1>{}</h1>{}</main>", title, content));
    }

    private static Markup page(String title, Markup body) {
        return bare(title, Markup.of("""
                <a class="skip" href="#main">Skip to the content</a>
                <header class="bar"><a class="home" href="/">Cogent</a><nav aria-label="studio"><a href="/">Runs</a><a href="/compare">Compare</a><a href="/start">Start</a></nav></header>
                {}
                <p id="said" class="said" role="status" aria-live="polite"></p>
                """, body));
    }

    /** Without links, as before somebody is let in. */
    public static Markup bare(String title, Markup body) {
        return Markup.of("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>{} · Cogent</title>
                <link rel="icon" href="data:,">
                <link rel="stylesheet" href="/assets/report.css">
                <link rel="stylesheet" href="/assets/uplot.css">
                <link rel="stylesheet" href="/assets/app.css">
                <script src="/assets/uplot.js" defer></script>
                <script src="/assets/app.js" defer></script>
                </head>
                <body>
                {}
                </body>
                </html>
                """, title, body);
    }

    /** What changes while a run goes on: the page asks for itself again and puts this part in the old one's place. */
    public static Markup live(String id, Markup content) {
        return Markup.of("<div id=\"{}\" data-live>{}</div>", id, content);
    }

    /** What a form of ours must hold. */
    public static Markup key(String formKey) {
        return Markup.of("<input type=\"hidden\" name=\"key\" value=\"{}\">", formKey);
    }
}
