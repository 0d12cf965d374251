package cogent.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void counts_read_the_same_whatever_the_country() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG")); // digits of its own
        try {
            Metrics metrics = new Metrics();
            metrics.answered("/v1/models", 200);
            metrics.took(1_500_000_000);
            assertThat(metrics.text())
                    .contains("cogent_requests_total{path=\"/v1/models\",status=\"200\"} 1\n")
                    .matches("\\p{ASCII}+");
        } finally {
            Locale.setDefault(before);
        }
    }
}
