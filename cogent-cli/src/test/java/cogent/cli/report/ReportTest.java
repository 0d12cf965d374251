package cogent.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void writes_the_sample_pages() throws Exception {
        Files.writeString(Path.of("target/report-whole.html"), Report.html(Runs.whole()), StandardCharsets.UTF_8);
        Files.writeString(Path.of("target/report-begun.html"), Report.html(Runs.begun()), StandardCharsets.UTF_8);
        assertThat(Report.html(Runs.whole())).isEqualTo(Report.html(Runs.whole()));
    }
}
