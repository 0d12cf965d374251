package cogent.studio.chat;

import cogent.data.InputException;
import cogent.llm.SamplingParams;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.RunDirectory;
import cogent.studio.html.Form;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import cogent.studio.run.RunModels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** A talk with one model of the run, or with two side by side; the page keeps what was said, this only answers. */
public record ChatPage(RunFolder folder, LoadedModels models) {
    private static final int MOST_TOKENS = 32_768;

    public Reply answer(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        SequencedMap<String, String> there = RunModels.of(run.readRecipe(), run).options();
        return Reply.page(Layout.run(
                name,
                "Chat",
                there.isEmpty()
                        ? SafeHtml.of("<p>No model of this run is on this machine yet.</p>")
                        : form(request, name, there)));
    }

    /** Asks, and sends what comes as it comes: {@link ChatStream}. */
    public Reply ask(Request request) {
        RunDirectory run = folder.run(request.segment("run"));
        Recipe recipe = run.readRecipe();
        RunModels there = RunModels.of(recipe, run);
        List<ChatStream.Side> sides = Stream.of(request.form("first"), request.form("second"))
                .filter(model -> !model.isEmpty())
                .distinct()
                .map(model -> new ChatStream.Side(
                        there.directory(model), template(recipe, model), Talk.of(request, recipe, model)))
                .toList();
        if (sides.isEmpty()) {
            throw new RefusedRequest(400, "choose a model");
        }
        return Reply.streamed("application/x-ndjson", new ChatStream(models, sides, sampling(request)));
    }

    /** The template of a model that was trained has them by itself. */
    private static Map<String, JsonNode> template(Recipe recipe, String model) {
        return model.equals(RunModels.BASE) ? recipe.student().chatTemplateKwargs() : Map.of();
    }

    private static SamplingParams sampling(Request request) {
        try {
            int tokens = Integer.parseInt(request.form("tokens"));
            if (tokens > MOST_TOKENS) {
                throw new InputException("at most " + MOST_TOKENS + " tokens");
            }
            return SamplingParams.DEFAULT
                    .withMaxTokens(tokens)
                    .withTemperature(Double.parseDouble(request.form("temperature")));
        } catch (NumberFormatException e) {
            throw new RefusedRequest(400, "tokens and temperature are numbers");
        }
    }

    private static SafeHtml form(Request request, String name, SequencedMap<String, String> there) {
        SequencedMap<String, String> second = new LinkedHashMap<>();
        second.put("", "none");
        second.putAll(there);
        return SafeHtml.of(
                """
                <div id="turns" class="turns" role="log" aria-label="What was said"></div>
                <form class="ask" method="post" action="{}" data-chat>{}
                <label><span>question</span><textarea name="question" rows="3" dir="auto" required autofocus></textarea></label>
                <p class="buttons"><button class="main">Ask</button> <button type="button" data-stop hidden>Stop</button> <button type="button" data-anew hidden>Begin anew</button>
                <span class="note">Enter asks, Shift+Enter begins a line.</span></p>
                <div class="filters">{}{}{}{}</div>
                {}{}</form>
                <noscript><p class="warning">Chat needs the page's own script.</p></noscript>
                """,
                Url.of("run", name, "chat"),
                Layout.key(request.formKey()),
                Form.select("first", "model", there, there.lastEntry().getKey()),
                Form.select("second", "beside it", second, ""),
                Form.input("number", "tokens", "tokens at most", "512"),
                Form.input("text", "temperature", "temperature (0: always the likeliest)", "0"),
                Form.checkbox(
                        "remember", "later questions see the earlier ones (training knows single questions)", false),
                Form.checkbox("plain", "as it is, without the words that training puts around a problem", false));
    }
}
