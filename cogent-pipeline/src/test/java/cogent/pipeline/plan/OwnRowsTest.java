package cogent.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnRowsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'prompt':'abc','completion':'de f','source':'ignored'}",
                "{'prompt':'abc','response':'de f','source':'ignored'}",
                "{'question':'abc','answer':'de f','id':7}",
                "{'query':'abc','chosen':'de','rejected':' f'}"
            })
    void what_is_asked_and_replied_is_counted_by_whatever_name(String row) throws IOException {
        OwnRows rows = OwnRows.of(Files.writeString(folder.resolve("rows.jsonl"), row.replace('\'', '"') + "\n"));
        assertThat(rows.prompts()).containsExactly(3);
        assertThat(rows.replies()).containsExactly(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'instruction':'abc','input':'de','output':'f g'}",
                "{'messages':[{'role':'user','content':'abc'},{'role':'assistant','content':'de f'}],'question':'abc'}",
                "{'conversation':[{'role':'user','content':'abc'},{'role':'assistant','content':'de f'}]}"
            })
    void instructions_and_conversations_are_counted_once(String row) throws IOException {
        OwnRows rows = OwnRows.of(Files.writeString(folder.resolve("rows.jsonl"), row.replace('\'', '"') + "\n"));
        assertThat(rows.prompts()[0] + rows.replies()[0]).isEqualTo(row.contains("instruction") ? 8 : 7);
    }
}
