package cogent.llm.openai;

import cogent.llm.ChatException;
import cogent.llm.resilience.Time;
import java.net.URI;
import java.util.List;
import okhttp3.OkHttpClient;

/**
 * What one base URL says when asked for its models ({@code GET /models}); no completion is asked for, nothing is paid.
 *
 * @param reachable whether it answered at all
 * @param modelFound whether it lists the endpoint's model
 * @param models what it lists; empty where it lists nothing
 * @param says one line for the user, with what to do when something is wrong
 */
public record EndpointCheck(URI base, boolean reachable, boolean modelFound, List<String> models, String says) {
    /** One check for each base URL. */
    public static List<EndpointCheck> of(Endpoint endpoint) {
        OkHttpClient client = OpenAiChat.client();
        try {
            return endpoint.bases().stream()
                    .map(base -> of(endpoint, base, client))
                    .toList();
        } finally {
            client.connectionPool().evictAll();
            client.dispatcher().executorService().shutdown();
        }
    }

    private static EndpointCheck of(Endpoint endpoint, URI base, OkHttpClient client) {
        try {
            var chat = new OpenAiChat(endpoint, base, client, wait -> {}, Time.SYSTEM);
            List<String> models = chat.models();
            boolean found = chat.isAmong(models);
            return new EndpointCheck(
                    base,
                    true,
                    found,
                    models,
                    base + " answers; model \"" + endpoint.model() + "\" "
                            + (found ? "found." : "is not listed. " + OpenAiChat.offer(models)));
        } catch (ChatException e) {
            boolean reachable = e.trouble() != ChatException.Trouble.UNREACHABLE;
            return new EndpointCheck(base, reachable, false, List.of(), String.valueOf(e.getMessage()));
        }
    }
}
