import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * Says which tests were skipped and why, from Surefire's reports: {@code java scripts/Skipped.java}. Ends with 1 where a
 * reason is not accepted: a test that never runs holds nothing.
 */
public final class Skipped {
    /**
     * Machines with a GPU are rare, measurements are no tests, and Python's huggingface_hub may be out of reach. The reference data lies beside the
     * checkout, where it is there at all.
     */
    private static boolean accepted(String reason) {
        return reason.startsWith("no CUDA device")
                || reason.contains("a measurement")
                || reason.contains("COGENT_PEERS")
                || !Files.isDirectory(Path.of("../shared")) && reason.toLowerCase(Locale.ROOT).contains("shared");
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
                    System.out.println("skipped: " + line);
                    if (!accepted(reason)) {
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
