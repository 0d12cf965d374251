package cogent.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.llm.ChatException;
import cogent.llm.ChatReply;
import cogent.llm.ChatRequest;
import cogent.llm.SamplingParams;
import cogent.llm.StreamingChatModel.Call;
import cogent.model.decoder.LanguageModel;
import cogent.model.hf.ModelConfig;
import cogent.model.text.Tokenizer;
import cogent.playground.PlaygroundStudent;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalChatModelTest {
    @TempDir
    private Path folder;

    private LanguageModel model;
    private Tokenizer tokenizer;
    private LocalChatModel chat;

    @BeforeEach
    void serve() {
        PlaygroundStudent.write(folder);
        model = LanguageModel.create(ModelConfig.read(folder.resolve("config.json")), 1);
        tokenizer = Tokenizer.load(folder);
        chat = new LocalChatModel(
                "tiny",
                model,
                tokenizer,
                4,
                12,
                cogent.model.generate.Sampler.at(1),
                3,
                LocalDateTime.of(2026, 1, 1, 0, 0));
    }

    @AfterEach
    void stop() {
        chat.close();
        tokenizer.close();
        model.close();
    }

    @Test
    void the_pieces_joined_are_the_reply_and_equal_requests_get_equal_replies() {
        List<String> pieces = new ArrayList<>();
        ChatReply reply = chat.reply(asked(SamplingParams.DEFAULT, 5), pieces::add, () -> false);
        assertThat(String.join("", pieces)).isEqualTo(reply.text()).isNotEmpty();
        assertThat(pieces.size()).isGreaterThan(1);
        assertThat(chat.chat(asked(SamplingParams.DEFAULT, 5).request())).isEqualTo(reply);
        assertThat(chat.chat(asked(SamplingParams.DEFAULT, 6).request())).isNotEqualTo(reply);
    }

    @Test
    void a_request_s_own_settings_win() {
        assertThat(chat.reply(asked(SamplingParams.DEFAULT.withMaxTokens(3), 5), _ -> {}, () -> false)
                        .usage()
                        .completionTokens())
                .isEqualTo(3);
        SamplingParams greedy = SamplingParams.DEFAULT.withTemperature(0);
        assertThat(chat.reply(asked(greedy, 1), _ -> {}, () -> false).text())
                .isEqualTo(chat.reply(asked(greedy, 2), _ -> {}, () -> false).text());
        SamplingParams wrong = new SamplingParams(null, null, null, null, null, Map.of("top_k", -4.0));
        assertThatThrownBy(() -> chat.reply(asked(wrong, 1), _ -> {}, () -> false))
                .isInstanceOf(ChatException.class)
                .hasMessageContaining("top-k");
    }

    @Test
    void a_stop_text_and_a_client_that_left_end_the_reply() {
        String free = chat.chat(asked(SamplingParams.DEFAULT, 5).request()).text();
        String stop = free.substring(free.length() / 2);
        ChatReply stopped = chat.reply(
                new Call(asked(SamplingParams.DEFAULT, 5).request(), SamplingParams.DEFAULT, List.of(stop)),
                _ -> {},
                () -> false);
        assertThat(stopped.text()).isEqualTo(free.substring(0, free.indexOf(stop)));
        assertThat(stopped.finish()).isEqualTo(ChatReply.Finish.STOP);
        assertThat(chat.reply(asked(SamplingParams.DEFAULT.withMaxTokens(500), 5), _ -> {}, () -> true)
                        .usage()
                        .completionTokens())
                .isEqualTo(1);
    }

    private static Call asked(SamplingParams sampling, int sample) {
        return new Call(ChatRequest.of("test", "What is 3 + 4 ?").withSample(sample), sampling, List.of());
    }
}
