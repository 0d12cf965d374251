package cogent.llm.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cogent.data.InputException;
import cogent.llm.SamplingParams;
import cogent.llm.meter.Price;
import cogent.llm.openai.ApiKey;
import cogent.llm.openai.Endpoint;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final String KEY = "sk-planted-0123456789";

    @Test
    void a_key_never_shows_itself(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("key"), KEY + "\n");
        ApiKey key = ApiKey.fromFile(file);
        assertThat(key.value()).isEqualTo(KEY);
        Endpoint endpoint = Endpoint.at("http://h/v1", "m").withKey(key);
        assertThat(endpoint + key.toString() + endpoint.identity())
                .doesNotContain(KEY)
                .contains("file ");
        assertThatThrownBy(() -> ApiKey.of("file x", KEY + "\u00e9"))
                .isInstanceOf(InputException.class)
                .hasMessageNotContaining(KEY);
        assertThatThrownBy(() -> ApiKey.fromFile(dir.resolve("none"))).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> ApiKey.fromEnvironment("COGENT_NO_SUCH_KEY"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("COGENT_NO_SUCH_KEY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8000/v1",
                "ftp://h/v1",
                "http:///v1",
                "http://u:secretive@h/v1",
                "http://h?k=secretive",
                "a b"
            })
    void a_base_that_is_no_plain_http_url_is_refused(String base) {
        assertThatThrownBy(() -> Endpoint.at(base, "m"))
                .isInstanceOf(InputException.class)
                .hasMessageNotContaining("secretive");
    }

    @Test
    void a_pasted_completions_url_is_understood() {
        assertThat(Endpoint.at("HTTPS://h:1/v1/chat/completions/", "m").bases())
                .isEqualTo(List.of(URI.create("https://h:1/v1")));
    }

    @Test
    void nonsense_settings_are_refused() {
        assertThatThrownBy(() -> new SamplingParams(-1.0, null, null, null, null, Map.of()))
                .isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new SamplingParams(null, 1.5, null, null, null, Map.of()))
                .isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new SamplingParams(null, null, null, null, null, Map.of("messages", List.of())))
                .isInstanceOf(InputException.class);
        assertThatThrownBy(
                        () -> new SamplingParams(null, null, null, null, null, Collections.singletonMap("top_k", null)))
                .isInstanceOf(InputException.class);
        assertThatThrownBy(() -> Limits.DEFAULT.withConcurrency(0)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new Price(Double.NaN, 0)).isInstanceOf(InputException.class);
    }

    @Test
    void identity_is_model_and_sampling_not_place() {
        Endpoint here = Endpoint.at("http://a/v1", "m").withSampling(SamplingParams.DEFAULT.withTemperature(0.5));
        assertThat(here.withBases(List.of(URI.create("http://b/v1"))).identity())
                .isEqualTo(here.identity());
        assertThat(here.withSampling(SamplingParams.DEFAULT).identity()).isNotEqualTo(here.identity());
        assertThat(Endpoint.at("http://a/v1", "n").withSampling(here.sampling()).identity())
                .isNotEqualTo(here.identity());
    }
}
