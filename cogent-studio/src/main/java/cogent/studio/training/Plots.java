package cogent.studio.training;

import cogent.studio.html.SafeHtml;
import java.util.List;

/** Places that the page's script draws curves into. */
final class Plots {
    private Plots() {}

    static SafeHtml controls() {
        return SafeHtml.of("""
                <p class="controls"><label><span>smoothing</span><input type="range" id="smoothing" min="0" max="0.99" step="0.01" value="0.6"></label>
                <label class="check"><input type="checkbox" id="logarithmic" checked><span>losses and norms on a log scale</span></label>
                <span class="note">Drag over a plot to zoom; double-click, Escape, or All to see it whole. Arrow keys move along a plot that has the focus.</span></p>""");
    }

    /** @param trainings as {@code run/stage} */
    static SafeHtml of(List<Plot> plots, List<String> trainings) {
        return SafeHtml.of(
                "<div class=\"plots\">{}</div>",
                plots.stream().map(plot -> figure(plot, trainings)).toList());
    }

    private static SafeHtml figure(Plot plot, List<String> trainings) {
        return SafeHtml.of(
                """
                <figure class="plot" data-curves="{}"><figcaption><b>{}</b> {}{}</figcaption>
                <div class="canvas" tabindex="0" role="img" aria-label="{}"></div>
                <p class="note"><button type="button" data-all>All</button> <a href="{}" download>CSV</a> <a href="{}" download>SVG</a> <button type="button" data-png>PNG</button></p></figure>
                """,
                plot.address("json", trainings),
                plot.title(),
                plot.unit(),
                SafeHtml.when(!plot.meaning().isEmpty(), "<p class=\"note\">{}</p>", plot.meaning()),
                plot.title() + " by optimiser step; the numbers are in the CSV file",
                plot.address("csv", trainings),
                plot.address("svg", trainings));
    }
}
