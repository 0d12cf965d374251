package cogent.studio.html;

import java.util.List;
import java.util.Locale;

/** What stands around every page. */
public final class Layout {
    private Layout() {}

    /** The pages of a run, as the addresses name them. */
    private static final List<String> TABS = List.of("", "Samples", "Training", "Results", "Chat");

    /** A page of a run; its title is a tab's name, or what the tab leads to. */
    public static SafeHtml run(String run, String title, SafeHtml content) {
        List<SafeHtml> tabs = TABS.stream().map(tab -> tab(run, tab, title)).toList();
        String heading = title.isEmpty() ? run : title;
        return page(title.isEmpty() ? run : run + " · " + title, SafeHtml.of("""
                        <nav class="tabs" aria-label="run">{}</nav>
                        <main id="main"><h1>{}</h1>{}</main>""", tabs, heading, content));
    }

    private static SafeHtml tab(String run, String tab, String current) {
        return SafeHtml.of(
                "<a href=\"{}\"{}>{}</a>",
                tab.isEmpty() ? Url.of("run", run) : Url.of("run", run, tab.toLowerCase(Locale.ROOT)),
                tab.equals(current)
                        ? SafeHtml.of(" aria-current=\"page\"")
                        : SafeHtml.when(tab.equals("Samples") && !TABS.contains(current), " aria-current=\"true\""),
                tab.isEmpty() ? run : tab);
    }

    /** A page of its own. */
    public static SafeHtml top(String title, SafeHtml content) {
        return page(title, SafeHtml.of("<main id=\"main\"><h1>{}</h1>{}</main>", title, content));
    }

    private static SafeHtml page(String title, SafeHtml body) {
        return bare(title, SafeHtml.of("""
                <a class="skip" href="#main">Skip to the content</a>
                <header class="bar"><a class="home" href="/">Cogent</a><nav aria-label="studio"><a href="/">Runs</a><a href="/compare">Compare</a><a href="/start">Start</a></nav></header>
                {}
                <p id="said" class="said" role="status" aria-live="polite"></p>
                """, body));
    }

    /** Without links, as before somebody is let in. */
    public static SafeHtml bare(String title, SafeHtml body) {
        return SafeHtml.of("""
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
                <script src="/assets/plots.js" defer></script>
                <script src="/assets/chat.js" defer></script>
                </head>
                <body>
                {}
                </body>
                </html>
                """, title, body);
    }

    /** What changes while a run goes on: the page asks for itself again and puts this part in the old one's place. */
    public static SafeHtml live(String id, SafeHtml content) {
        return SafeHtml.of("<div id=\"{}\" data-live>{}</div>", id, content);
    }

    /** What a form of ours must hold. */
    public static SafeHtml key(String formKey) {
        return SafeHtml.of("<input type=\"hidden\" name=\"key\" value=\"{}\">", formKey);
    }
}
