package cogent.studio.sample;

import cogent.curate.agent.AgentCall;
import cogent.llm.ChatMessage;
import cogent.llm.ChatReply;
import cogent.pipeline.curate.SampleCalls;
import cogent.pipeline.run.RunDirectory;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.run.RunFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The calls behind a sample: what was sent to the letter, and what came back. */
public record CallsPage(RunFolder folder) {
    public Reply answer(Request request) {
        String name = request.segment("run");
        RunDirectory run = folder.run(name);
        String id = request.segment("sample");
        SamplePage.sample(run, id);
        SampleCalls sample = SampleCalls.of(run.readRecipe(), run, id);
        List<SafeHtml> shown = new ArrayList<>();
        for (AgentCall call : sample.calls()) {
            shown.add(call(shown.size() + 1, call));
        }
        SafeHtml content = SafeHtml.of(
                "<p class=\"pages\"><a href=\"{}\">Back to the sample</a></p>{}",
                Url.of("run", name, "sample", id),
                shown);
        return Reply.page(Layout.run(name, id + ": prompts and replies", content));
    }

    private static SafeHtml call(int number, AgentCall call) {
        ChatReply reply = call.reply();
        return SafeHtml.of(
                "<h2>{} · {} <small>{} · {} tokens in, {} out</small></h2>{}{}<h4>reply ({})</h4><div class=\"text raw-text\" dir=\"auto\">{}</div>",
                number,
                call.request().agent(),
                reply.model(),
                "%,d".formatted(reply.usage().promptTokens()),
                "%,d".formatted(reply.usage().completionTokens()),
                call.request().messages().stream().map(CallsPage::message).toList(),
                SafeHtml.when(
                        !reply.reasoning().isBlank(),
                        "<details><summary>thinking</summary><div class=\"text\" dir=\"auto\">{}</div></details>",
                        reply.reasoning()),
                reply.finish().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                reply.text());
    }

    private static SafeHtml message(ChatMessage message) {
        return SafeHtml.of(
                "<details open><summary>{}</summary><div class=\"text\" dir=\"auto\">{}</div></details>",
                message.role().name().toLowerCase(Locale.ROOT),
                message.content());
    }
}
