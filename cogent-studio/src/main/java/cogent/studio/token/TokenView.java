package cogent.studio.token;

import cogent.data.Count;
import cogent.pipeline.train.Encodings;
import cogent.studio.html.SafeHtml;
import cogent.train.rows.Example;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A row token by token: what is only read, what is trained on, and how improbable that is. */
final class TokenView {
    /** Probabilities down to which a token has a shade, from the lightest on. */
    private static final double[] SHADES = {0.9, 0.5, 0.1, 0.01};

    private TokenView() {}

    /** @param logps of the completion's tokens in nats; null where no model was asked */
    static SafeHtml of(TokenRows.TokenRow row, float @Nullable [] logps, Encodings encodings) {
        Example example = row.example();
        List<SafeHtml> text = new ArrayList<>();
        List<SafeHtml> table = new ArrayList<>();
        for (int i = 0; i < example.tokens(); i++) {
            int at = i - example.prompt().length;
            int id = at < 0 ? example.prompt()[i] : example.completion()[at];
            String token = encodings.text(id);
            Double logp = at < 0 || logps == null ? null : (double) logps[at];
            String told = logp == null ? "" : told(logp);
            text.add(SafeHtml.of(
                    "<span class=\"{}\" title=\"{}\">{}</span>",
                    at < 0 ? "read" : logp == null ? "trained" : "trained p" + shade(logp),
                    "token " + id + (told.isEmpty() ? "" : ", " + told) + (at < 0 ? ", read only" : ""),
                    visible(token)));
            table.add(SafeHtml.of(
                    "<tr><td class=\"n\">{}</td><td class=\"n\">{}</td><td><code>{}</code></td><td>{}</td><td class=\"n\">{}</td></tr>",
                    i,
                    id,
                    token.replace("\n", "↵"),
                    at < 0 ? "read" : "trained on",
                    told));
        }
        return SafeHtml.of("""
                <section class="tokens"><h3>{}</h3><p class="note">{}</p><div class="text token-text" dir="auto">{}</div>
                <details><summary>as a table</summary><div class="scroll" role="region" tabindex="0" aria-label="Tokens"><table><thead><tr>
                <th scope="col" class="n">place</th><th scope="col" class="n">id</th><th scope="col">token</th><th scope="col">loss mask</th><th scope="col" class="n">log-probability</th>
                </tr></thead><tbody>{}</tbody></table></div></details></section>""", row.name(), summary(example, logps), text, table);
    }

    private static String summary(Example example, float @Nullable [] logps) {
        String counts = "%s read, %,d trained on"
                .formatted(Count.of(example.prompt().length, "token"), example.completion().length);
        if (logps == null) {
            return counts;
        }
        double sum = 0;
        for (float logp : logps) {
            sum += logp;
        }
        return counts
                + String.format(
                        Locale.ROOT,
                        " · log-probability %.1f nats, %.2f a token (perplexity %.2f)",
                        sum > -0.05 ? 0.0 : sum,
                        sum / logps.length > -0.005 ? 0.0 : sum / logps.length,
                        Math.exp(-sum / logps.length));
    }

    private static String told(double logp) {
        double percent = 100 * Math.exp(logp);
        return String.format(
                Locale.ROOT,
                percent < 0.1 ? "%.2f nats, p %.1e" : "%.2f nats, p %.1f %%",
                logp > -0.005 ? 0.0 : logp,
                percent < 0.1 ? percent / 100 : percent);
    }

    private static int shade(double logp) {
        int shade = 0;
        while (shade < SHADES.length && Math.exp(logp) < SHADES[shade]) {
            shade++;
        }
        return shade;
    }

    /** Line ends are tokens too, and are to be seen. */
    private static String visible(String token) {
        return token.replace("\n", "↵\n");
    }
}
