package cogent.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import cogent.llm.openai.Wire;
import cogent.local.LocalChatModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class CompletionsTest {
    @TempDir
    private static Path folder;

    private static LocalChatModel model;
    private static ChatServer server;

    @BeforeAll
    static void start() throws IOException {
        model = ByteModel.load(folder);
        server = ChatServer.start(new ServedModel("bytes", model, Optional.of(model)), ChatServer.Settings.loopback(0));
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    private static HttpResponse<String> send(String path, String body) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI uri = URI.create(server.base() + path);
            return http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static JsonNode answer(String path, String fields) throws IOException, InterruptedException {
        HttpResponse<String> response = send(path, "{\"model\":\"bytes\"," + fields + "}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Wire.JSON.readTree(response.body());
    }

    private static JsonNode completion(String fields) throws IOException, InterruptedException {
        return answer("/completions", fields);
    }

    private static List<JsonNode> events(String path, String fields) throws IOException, InterruptedException {
        HttpResponse<String> response = send(path, "{\"model\":\"bytes\",\"stream\":true," + fields + "}");
        List<String> lines =
                response.body().lines().filter(line -> !line.isEmpty()).toList();
        assertThat(lines.getLast()).isEqualTo("data: [DONE]");
        return lines.subList(0, lines.size() - 1).stream()
                .map(line -> Wire.JSON.readTree(line.substring("data: ".length())))
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(one.asString("null")));
        return texts;
    }

    @Test
    void an_echo_has_every_token_with_its_logprob_its_rivals_and_its_place() throws Exception {
        JsonNode body = completion("\"prompt\":\"aü😀b\",\"max_tokens\":0,\"echo\":true,\"logprobs\":2");
        JsonNode choice = body.at("/choices/0");
        assertThat(choice.get("text").asString()).isEqualTo("aü😀b");
        assertThat(choice.get("finish_reason").asString()).isEqualTo("length");
        JsonNode logprobs = choice.get("logprobs");
        assertThat(texts(logprobs.get("tokens")))
                .containsExactly(
                        "<s>",
                        "a",
                        "bytes:\\xc3",
                        "bytes:\\xbc",
                        "bytes:\\xf0",
                        "bytes:\\x9f",
                        "bytes:\\x98",
                        "bytes:\\x80",
                        "b");
        assertThat(logprobs.get("text_offset").toString()).isEqualTo("[0,0,1,1,2,2,2,2,3]");
        assertThat(logprobs.at("/token_logprobs/0").isNull()).isTrue();
        assertThat(logprobs.at("/top_logprobs/0").isNull()).isTrue();
        for (int i = 1; i < 9; i++) {
            double value = logprobs.get("token_logprobs").get(i).asDouble();
            JsonNode top = logprobs.get("top_logprobs").get(i);
            assertThat(value).isNegative();
            assertThat(top.get(logprobs.get("tokens").get(i).asString()).asDouble())
                    .isEqualTo(value);
            assertThat(top.size()).isBetween(2, 3);
        }
        assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(9);
        assertThat(body.at("/usage/completion_tokens").asInt()).isZero();
    }

    /** What lm-eval's local-completions sends and reads. */
    @Test
    void a_loglikelihood_is_the_same_by_text_and_by_tokens_alone_and_in_company_and_has_one_token_more()
            throws Exception {
        String asked = ",\"temperature\":0,\"max_tokens\":1,\"logprobs\":1,\"seed\":1234,\"echo\":true";
        JsonNode text = completion("\"prompt\":\"Hi ü\"" + asked).at("/choices/0/logprobs");
        JsonNode tokens =
                completion("\"prompt\":[256,72,105,32,195,188]" + asked).at("/choices/0/logprobs");
        JsonNode many = completion("\"prompt\":[[65],[256,72,105,32,195,188],[66,67]]" + asked)
                .at("/choices");
        assertThat(text.get("tokens")).hasSize(7).isEqualTo(tokens.get("tokens"));
        assertThat(many).hasSize(3);
        assertThat(many.get(1).get("index").asInt()).isEqualTo(1);
        for (int i = 1; i < 7; i++) {
            double value = tokens.get("token_logprobs").get(i).asDouble();
            assertThat(text.get("token_logprobs").get(i).asDouble()).isCloseTo(value, within(1e-4));
            assertThat(many.get(1).at("/logprobs/token_logprobs").get(i).asDouble())
                    .isCloseTo(value, within(1e-4));
        }
        // the drawn token is the most probable one
        assertThat(tokens.at("/top_logprobs/6")).hasSize(1);
    }

    @Test
    void every_prompt_has_n_completions_in_order_and_again() throws Exception {
        JsonNode body = completion("\"prompt\":[\"ab\",\"cd\"],\"n\":3,\"max_tokens\":4,\"seed\":3,\"echo\":true");
        List<String> texts = new ArrayList<>();
        body.get("choices").forEach(choice -> texts.add(choice.get("text").asString()));
        assertThat(texts).hasSize(6);
        assertThat(texts.subList(0, 3)).allMatch(text -> text.startsWith("ab"));
        assertThat(texts.subList(3, 6)).allMatch(text -> text.startsWith("cd"));
        assertThat(texts).doesNotHaveDuplicates();
        assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(6);
        assertThat(completion("\"prompt\":[\"ab\",\"cd\"],\"n\":3,\"max_tokens\":4,\"seed\":3,\"echo\":true")
                        .get("choices"))
                .isEqualTo(body.get("choices"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_stream_joined_is_the_whole_and_no_piece_breaks_a_character(boolean echo) throws Exception {
        String asked = "\"prompt\":\"zß\",\"max_tokens\":60,\"seed\":9,\"logprobs\":0,\"echo\":" + echo;
        JsonNode whole = completion(asked).at("/choices/0");
        var text = new StringBuilder();
        List<JsonNode> logprobs = new ArrayList<>();
        List<JsonNode> events = events("/completions", asked + ",\"stream_options\":{\"include_usage\":true}");
        for (JsonNode event : events.subList(0, events.size() - 1)) {
            assertThat(event.get("object").asString()).isEqualTo("text_completion");
            JsonNode choice = event.at("/choices/0");
            text.append(choice.get("text").asString());
            choice.at("/logprobs/token_logprobs").forEach(logprobs::add);
        }
        assertThat(text).hasToString(whole.get("text").asString());
        assertThat(logprobs).hasSameSizeAs(texts(whole.at("/logprobs/tokens")));
        assertThat(events.getLast().at("/usage/completion_tokens").asInt()).isPositive();
        assertThat(events.get(events.size() - 2).at("/choices/0/finish_reason").asString())
                .isIn("stop", "length");
    }

    @Test
    void a_conversation_s_logprobs_come_whole_and_in_a_stream() throws Exception {
        String asked = "\"messages\":[{\"role\":\"user\",\"content\":\"q\"}],\"max_tokens\":12,\"seed\":1,"
                + "\"logprobs\":true,\"top_logprobs\":2";
        JsonNode content = answer("/chat/completions", asked).at("/choices/0/logprobs/content");
        assertThat(content).hasSizeBetween(1, 12);
        content.forEach(token -> {
            assertThat(token.get("logprob").asDouble()).isLessThanOrEqualTo(0);
            assertThat(token.get("top_logprobs")).hasSize(2);
            assertThat(token.has("token") && token.has("bytes")).isTrue();
        });
        List<JsonNode> streamed = new ArrayList<>();
        events("/chat/completions", asked)
                .forEach(event -> event.at("/choices/0/logprobs/content").forEach(streamed::add));
        assertThat(streamed).hasSameSizeAs(texts(content));
        assertThat(answer("/chat/completions", asked.replace("true,\"top_logprobs\":2", "false"))
                        .at("/choices/0/logprobs")
                        .isNull())
                .isTrue();
    }

    @Test
    void settings_of_the_template_reach_it() throws Exception {
        String asked =
                "\"messages\":[{\"role\":\"user\",\"content\":\"q\"}],\"max_tokens\":1,\"chat_template_kwargs\":";
        int plain = answer("/chat/completions", asked + "{\"loud\":false}")
                .at("/usage/prompt_tokens")
                .asInt();
        int loud = answer("/chat/completions", asked + "{\"loud\":true}")
                .at("/usage/prompt_tokens")
                .asInt();
        assertThat(loud).isEqualTo(plain + 1);
        HttpResponse<String> refused = send("/chat/completions", "{\"model\":\"bytes\"," + asked + "{\"bad\":true}}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("chat template");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prompt | 5",
                "prompt | []",
                "prompt | [[]]",
                "prompt | [1.5]",
                "prompt | [\"a\",5]",
                "prompt | [[1],2]",
                "prompt | null",
                "max_tokens | -1",
                "logprobs | 21",
                "logprobs | true",
                "echo | 1",
                "suffix | \"end\"",
                "best_of | 3",
                "top_p | 1.5",
                "tools | [{}]",
                "messages | []",
                "chat_template_kwargs | {\"a\":1}",
                "response_format | {\"type\":\"json_object\"}",
            })
    void a_field_that_cannot_be_heeded_is_refused_by_its_name(String field, String value) throws Exception {
        String prompt = field.equals("prompt") ? "" : "\"prompt\":\"a\",";
        HttpResponse<String> response =
                send("/completions", "{\"model\":\"bytes\"," + prompt + "\"" + field + "\":" + value + "}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(Wire.JSON.readTree(response.body()).at("/error/param").asString())
                .isEqualTo(field);
    }

    @Test
    void prompts_beyond_the_context_or_the_vocabulary_are_the_client_s_fault() throws Exception {
        String fill = "a".repeat(ByteModel.CONTEXT - 1); // <s> fills the last place
        String asked = ",\"echo\":true,\"logprobs\":0,\"max_tokens\":";
        assertThat(completion("\"prompt\":\"" + fill + "\"" + asked + "0").at("/choices/0/logprobs/tokens"))
                .hasSize(ByteModel.CONTEXT);
        for (String wrong : List.of(
                "\"prompt\":\"" + fill + "\"" + asked + "1",
                "\"prompt\":\"" + fill + "a\"" + asked + "0",
                "\"prompt\":[5,260]",
                "\"prompt\":[-1]",
                "\"prompt\":[[5],[9999]]")) {
            HttpResponse<String> response = send("/completions", "{\"model\":\"bytes\"," + wrong + "}");
            assertThat(response.statusCode()).as(wrong).isEqualTo(400);
        }
        assertThat(completion("\"prompt\":[5]").at("/usage/prompt_tokens").asInt())
                .isEqualTo(1);
    }

    @Test
    void a_wrong_request_fails_alone_and_not_those_beside_it() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> beside = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String prompt = i % 2 == 0 ? "[5]" : "[9999]";
                beside.add(threads.submit(
                        () -> send("/completions", "{\"model\":\"bytes\",\"max_tokens\":100,\"prompt\":" + prompt + "}")
                                .statusCode()));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(beside.get(i).get()).isEqualTo(i % 2 == 0 ? 200 : 400);
            }
        }
    }

    @Test
    void neutral_values_are_accepted() throws Exception {
        assertThat(completion(
                                "\"prompt\":\"a\",\"best_of\":1,\"n\":1,\"suffix\":\"\",\"logit_bias\":{\"5\":0},\"logprobs\":false,\"metadata\":{},"
                                        + "\"presence_penalty\":0,\"frequency_penalty\":0,\"stream\":false,\"user\":\"me\"")
                        .at("/usage/completion_tokens")
                        .asInt())
                .isLessThanOrEqualTo(16);
    }

    @Test
    void the_best_of_as_many_as_are_wanted_are_all_of_them_and_of_fewer_none() throws Exception {
        assertThat(completion("\"prompt\":\"a\",\"max_tokens\":1,\"n\":2,\"best_of\":2")
                        .at("/choices"))
                .hasSize(2);
        HttpResponse<String> fewer =
                send("/completions", "{\"model\":\"bytes\",\"prompt\":\"a\",\"n\":2,\"best_of\":1}");
        assertThat(fewer.statusCode()).isEqualTo(400);
    }

    @Test
    void a_stop_ends_the_text_before_it_and_the_echoed_prompt_is_not_searched() throws Exception {
        String asked = "\"prompt\":\"!\",\"max_tokens\":30,\"seed\":2,\"echo\":true";
        String free = completion(asked).at("/choices/0/text").asString();
        String stop = free.substring(free.length() - 2);
        String stopped = completion(asked + ",\"stop\":[\"!\"," + Wire.JSON.writeValueAsString(stop) + "]")
                .at("/choices/0/text")
                .asString();
        assertThat(stopped).startsWith("!").hasSizeLessThan(free.length());
    }
}
