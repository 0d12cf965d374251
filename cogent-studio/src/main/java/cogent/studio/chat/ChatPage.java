package cogent.studio.chat;

import cogent.data.InputException;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.RunDirectory;
import cogent.report.chart.Html;
import cogent.studio.html.Form;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;

/** A question to one model of the run, or to two side by side; each question stands by itself. */
public record ChatPage(RunFolder folder, LoadedModels models) {
    private static final int MOST_TOKENS = 32_768;

    public Reply answer(Request request) {
        return page(request, SafeHtml.NONE);
    }

    /** Asks. */
    public Reply ask(Request request) throws IOException {
        RunDirectory run = folder.run(request.segment("run"));
        Recipe recipe = run.readRecipe();
        String question = request.form("question").strip();
        if (question.isEmpty()) {
            return page(request, SafeHtml.of("<p class=\"none\">Ask something.</p>"));
        }
        String prompt = request.form("plain").equals("yes")
                ? question
                : recipe.format().prompt().replace("{problem}", question);
        List<SafeHtml> sides = new ArrayList<>();
        for (String model : asked(request, run)) {
            sides.add(side(ModelNames.of(recipe).of(model), reply(run, model, prompt, sampling(request))));
        }
        return page(
                request,
                SafeHtml.of(
                        "<div class=\"problem\">{}</div><div class=\"sides\">{}</div>",
                        SafeHtml.written(Html.text(question)),
                        sides));
    }

    private static List<String> asked(Request request, RunDirectory run) {
        List<String> asked = Stream.of(request.form("first"), request.form("second"))
                .filter(model -> !model.isEmpty())
                .distinct()
                .toList();
        if (asked.isEmpty() || !there(run).containsAll(asked)) {
            throw RefusedRequest.notFound("this run has no such model");
        }
        return asked;
    }

    private ChatReply reply(RunDirectory run, String model, String prompt, SamplingParams sampling) throws IOException {
        return models.of(run.model(model))
                .reply(
                        new StreamingChatModel.Call(ChatRequest.of("chat", prompt), sampling, List.of()),
                        _ -> {},
                        () -> false);
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

    private static SafeHtml side(String model, ChatReply reply) {
        return SafeHtml.of(
                "<div><h4>{} <small>{} tokens{}</small></h4>{}{}</div>",
                model,
                reply.usage().completionTokens(),
                reply.finish() == ChatReply.Finish.LENGTH ? ", cut off" : "",
                SafeHtml.when(
                        !reply.reasoning().isBlank(),
                        "<details open><summary>thinking</summary>{}</details>",
                        SafeHtml.written(Html.text(reply.reasoning()))),
                SafeHtml.written(Html.text(reply.text())));
    }

    /** The models that the run has trained so far. */
    private static List<String> there(RunDirectory run) {
        return Stream.of("raw", "sft", ModelNames.ALIGNED)
                .filter(model -> Files.exists(run.model(model).resolve("config.json")))
                .toList();
    }

    private Reply page(Request request, SafeHtml answers) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        List<String> there = there(run);
        SafeHtml content = there.isEmpty()
                ? SafeHtml.of("<p>This run has trained no model yet.</p>")
                : SafeHtml.of("{}{}", answers, form(request, name, run, there));
        return Reply.page(Layout.run(name, "Chat", content));
    }

    private static SafeHtml form(Request request, String name, RunDirectory run, List<String> there) {
        ModelNames names = ModelNames.of(run);
        SequencedMap<String, String> first = new LinkedHashMap<>();
        there.forEach(model -> first.put(model, names.of(model)));
        SequencedMap<String, String> second = new LinkedHashMap<>();
        second.put("", "none");
        second.putAll(first);
        return SafeHtml.of(
                """
                <form class="ask" method="post" action="{}" data-slow="The models answer …">{}
                <label><span>question</span><textarea name="question" rows="4" dir="auto" autofocus>{}</textarea></label>
                <div class="filters">{}{}{}{}{}<button>Ask</button></div></form>
                """,
                Url.of("run", name, "chat"),
                Layout.key(request.formKey()),
                request.form("question"),
                Form.select("first", "model", first, or(request.form("first"), there.getLast())),
                Form.select("second", "beside it", second, request.form("second")),
                Form.input("number", "tokens", "tokens at most", or(request.form("tokens"), "512")),
                Form.input("text", "temperature", "temperature", or(request.form("temperature"), "0")),
                Form.checkbox(
                        "plain",
                        "as it is, without the words that the training puts around a problem",
                        request.form("plain").equals("yes")));
    }

    private static String or(String given, String otherwise) {
        return given.isEmpty() ? otherwise : given;
    }
}
