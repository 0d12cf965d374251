import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Says which tests were skipped and why, from Surefire's reports: {@code java scripts/Skipped.java}. Ends with 1 where a
 * reason is not accepted: a test that never runs holds nothing.
 */
public final class Skipped {
    /** The short list: a part of an accepted reason, and why nothing is done about it. */
    private static final Map<String, String> ACCEPTED = Map.of(
            "no CUDA device", "machines with a GPU are rare",
            "libtorch's own products are taken on this processor", "others are faster on AMD's with AVX-512 alone, OPENBLAS_CORETYPE unset",
            "a measurement", "speed is no test; it is asked for by hand",
            "Environment variable [COGENT_HUB_PYTHON]", "Python's huggingface_hub; .ci/run has it where PyPI can be reached",
            "no shared/data/", "texts of others (GSM8K, MATH, recorded rationales and replies), which this repository does not carry",
            "no shared/chat_templates", "templates of published models, under their licences; cogent-jinja has cases of its own",
            "no shared/tokenizers", "vocabularies of published models, 10 MB; small ones of their makes are in cogent-model",
            "no shared/models", "a pretrained model whose files name no licence; random ones are in cogent-model");

    /** Why it may be; empty where it may not, as where the data lies there after all. */
    private static Optional<String> accepted(String reason) {
        return ACCEPTED.entrySet().stream()
                .filter(known -> reason.contains(known.getKey()))
                .filter(known -> !reason.startsWith("no shared/") || !Files.isDirectory(Path.of("../shared")))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    public static void main(String[] args) throws Exception {
        int tests = 0;
        List<String> refused = new ArrayList<>();
        for (Path report : reports()) {
            NodeList cases = DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(report.toFile())
                    .getElementsByTagName("testcase");
            tests += cases.getLength();
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                if (test.getElementsByTagName("skipped").item(0) instanceof Element skipped) {
                    String reason = reason(skipped);
                    String line = test.getAttribute("classname") + " " + test.getAttribute("name") + ": " + reason;
                    Optional<String> why = accepted(reason);
                    System.out.println("skipped: " + line + why.map(words -> " (" + words + ")").orElse(""));
                    if (why.isEmpty()) {
                        refused.add(line);
                    }
                }
            }
        }
        if (tests == 0) {
            System.err.println("no test ran: no reports in */target/surefire-reports");
            System.exit(1);
        }
        if (!refused.isEmpty()) {
            System.err.println("\nNot to be skipped; install what they need, or accept the reason in scripts/Skipped.java:\n  "
                    + String.join("\n  ", refused));
            System.exit(1);
        }
    }

    private static List<Path> reports() throws IOException {
        try (Stream<Path> files = Files.find(
                Path.of("."), 4, (file, _) -> file.toString().matches(".*/target/surefire-reports/TEST-.*\\.xml"))) {
            return files.sorted().toList();
        }
    }

    /** The first line, without the exception's name before it. */
    private static String reason(Element skipped) {
        String message = skipped.hasAttribute("message") ? skipped.getAttribute("message") : skipped.getTextContent();
        return message.strip().lines().findFirst().orElse("").replaceFirst("^[\\w.$]+: ", "").replaceFirst("^Assumption failed: ", "");
    }
}
