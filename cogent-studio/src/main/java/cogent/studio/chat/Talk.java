package cogent.studio.chat;

import cogent.llm.ChatMessage;
import cogent.pipeline.recipe.Recipe;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Request;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The messages that a model is asked with: the question, and before it what was said with this model so far. */
final class Talk {
    private Talk() {}

    /**
     * @param request its {@code question}, whether it is {@code plain}, and {@code earlier}: {@code [{"question", "plain",
     *     "replies": {model: text}}]}
     */
    static List<ChatMessage> of(Request request, Recipe recipe, String model) {
        String question = request.form("question").strip();
        if (question.isEmpty()) {
            throw new RefusedRequest(400, "ask something");
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode turn : earlier(request.form("earlier"))) {
            String reply = turn.path("replies").path(model).asString("");
            if (!reply.isEmpty()) {
                messages.add(user(
                        recipe,
                        turn.path("question").asString(""),
                        turn.path("plain").asBoolean(false)));
                messages.add(ChatMessage.assistant(reply));
            }
        }
        messages.add(user(recipe, question, request.form("plain").equals("yes")));
        return messages;
    }

    private static JsonNode earlier(String json) {
        try {
            return JsonMapper.shared().readTree(json.isEmpty() ? "[]" : json);
        } catch (JacksonException e) {
            throw new RefusedRequest(400, "what was said before cannot be read");
        }
    }

    private static ChatMessage user(Recipe recipe, String question, boolean plain) {
        return ChatMessage.user(plain ? question : recipe.format().prompt().replace("{problem}", question));
    }
}
