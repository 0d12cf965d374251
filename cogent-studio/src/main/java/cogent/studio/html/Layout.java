package cogent.studio.html;

import java.util.List;
import java.util.Locale;

/** What stands around every page. */
public final class Layout {
    private Layout() {}

    /** The pages of a run, as the addresses name them. */
    private static final List<String> TABS = List.of("", "Samples", "Training", "Results", "Chat");

    /** A page of a run; its title is a tab's name, or what the tab leads to. */
    public static Markup run(String run, String title, Markup content) {
        List<Markup> tabs = TABS.stream().map(tab -> tab(run, tab, title)).toList();
        String heading = title.isEmpty() ? run : title;
        return page(title.isEmpty() ? run : run + " · " + title, Markup.of("""
                        <nav class="tabs" aria-label="run">{}</nav>
                        <main id="main"><h1>{}</h1>{}</main>""", tabs, heading, content));
    }

    private static Markup tab(String run, String tab, String current) {
        return Markup.of(
                "<a href=\"{}\"{}>{}</a>",
                tab.isEmpty() ? Url.of("run", run) : Url.of("run", run, tab.toLowerCase(Locale.ROOT)),
                Markup.when(tab.equals(current), " aria-current=\"page\""),
                tab.isEmpty() ? run : tab);
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
