package cogent.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

class TerminalWriterTest {
    private final StringWriter terminal = new StringWriter();
    private final PrintWriter out = new TerminalWriter(new PrintWriter(terminal));

    @Test
    void what_a_terminal_would_obey_is_shown() {
        out.print("\u001b[2Jred\u0007 \u009b31m a\bb\rover \u007f\u0000 \u202egnp.exe\u202c \u2067x\u2069");

        assertThat(terminal)
                .hasToString("\\u001b[2Jred\\u0007 \\u009b31m a\\u0008b\\u000dover \\u007f\\u0000 \\u202egnp.exe\\u202c"
                        + " \\u2067x\\u2069");
    }

    @Test
    void texts_of_every_script_stay_as_they_are() {
        String text = "a\tb\r\nc\n \u200f\u05e9\u05dc\u05d5\u05dd 🧑‍🔬 數學 e\u0301 \\frac{1}{2}";
        out.print(text);
        out.write('x');

        assertThat(terminal).hasToString(text + "x");
    }

    @Test
    void json_is_the_same_data() {
        String text = "\u001b[31m \u009b \u202e \u007f \\u001b";
        out.print(JsonMapper.shared().writeValueAsString(text));

        assertThat(JsonMapper.shared().readTree(terminal.toString())).isEqualTo(StringNode.valueOf(text));
    }

    @Test
    void our_own_lines_are_taken_back() {
        out.print("a\n");
        TerminalWriter.erase(out, 1);

        assertThat(terminal).hasToString("a\n\r\u001b[1A\u001b[J");
    }
}
