package cogent.curate.reply;

import cogent.data.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What in a rationale speaks of how it was made: of what its author was given, of the request, of its reader, of what was
 * changed. What the problem itself speaks of is none: an original solution may be a liquid, a version one of a film.
 */
public final class Provenance {
    private static final String TEXT =
            "(?:solution|rationale|explanation|version|write-?up|walk-?through|text|wording)";
    private static final String REWORKED =
            "(?:simplified|extended|expanded|elaborated|rewritten|reworked|rephrased|revised|"
                    + "shortened|condensed|corrected|repaired|improved|polished|updated|clarified|streamlined|adapted)";
    private static final String REWORDED =
            "(?:rewritten|rephrased|reworded|reworked|restructured|reformatted|streamlined|"
                    + "condensed|elaborated|clarified|tried to|made sure|kept)";
    private static final String CHANGED =
            "(?:simplified|expanded|extended|shortened|removed|added|filled in|left out|omitted|"
                    + "dropped|corrected|fixed|repaired|replaced|changed|adjusted|split|broken|broke|spelled|written|inserted|included|"
                    + REWORDED + ")";
    private static final String PART =
            "(?:" + TEXT + "|reasoning|proof|steps?|details?|detours?|checks?|remarks?|units?|notation|"
                    + "original|redundan\\w+|unnecessary|repeated|missing|intermediate|clarity|readab\\w+|easier|clearer|simpler|you|reader|student)";
    /** Behind a word for the solution of an equation stands what it is. */
    private static final String NO_ROOT =
            "(?!\\h*(?:[$=(\\\\\\d]|\\w\\s*[=<>]|of\\b|to the\\b|set\\b|for \\w\\b|is (?:not )?(?:valid|extraneous)|satisf))";

    /** Each with a word that, where the problem uses it, makes it innocent; an empty one never does. */
    private record Sign(String unless, Pattern pattern) {
        static Sign of(String unless, String pattern) {
            return new Sign(unless, Pattern.compile("(?i)" + pattern));
        }
    }

    private static final List<Sign> SIGNS = List.of(
            // what it was given
            Sign.of(
                    "answer",
                    "\\b(?:reference|given|provided|supplied|expected|known|stated|official|target|gold(?:en)?|ground[- ]truth)"
                            + " (?:final )?answers?\\b(?! (?:choice|option)s?)"),
            Sign.of(
                    "answer",
                    "\\banswer (?:key\\b|sheet\\b|(?:that )?(?:is |was |you )?(?:given|provided|stated|supplied)"
                            + " (?:above|below|to (?:me|us)|with the problem))"),
            Sign.of(
                    "answer",
                    "\\b(?:match(?:es|ing)?|agree(?:s|ing)? with|consistent with|confirm(?:s|ing)?|in line with)"
                            + " (?:the|your) (?:\\w+ )?answer\\b(?! (?:choice|option)s?)"),
            Sign.of(
                    "",
                    "\\b(?:match(?:es|ing)?|agree(?:s|ing)? with|consistent with|confirm(?:s|ing)?)"
                            + " the (?:reference|expected|provided|given|known|official|target) (?:result|solution|output)\\b"),
            Sign.of("", "\\b(?:ground[- ]truth|reference (?:value|result))\\b"),
            Sign.of(
                    "solution",
                    "\\b(?:original|reference|provided|supplied|refused|official|model|initial|your) (?:\\w+ )?solution\\b"
                            + NO_ROOT),
            Sign.of(
                    "solution",
                    "\\b(?:earlier|previous|prior|given|above|old) (?:worked |long |short )?solution\\b" + NO_ROOT),
            Sign.of(
                    "original",
                    "\\bthe original(?:'s)? (?:\\w+ )?(?:answer|text|wording|author|reasoning|explanation|version|proof|derivation|work|steps?|attempt|rationale|write-?up)\\b"),
            Sign.of("original", "\\b(?:in|from|than|unlike|like|as|of) the original(?=\\s*(?:[.,;:)!]|$))"),
            Sign.of(
                    "rationale",
                    "\\b(?:original|previous|earlier|given|provided|supplied|reference|refused|initial|above|your|this|the) (?:\\w+ )?rationale\\b"),
            Sign.of(
                    "",
                    "\\b(?:given|provided|supplied|refused|original|your) (?:reasoning|explanation)\\b|\\b(?:previous|earlier|original|given|refused) (?:explanation|version)\\b"),
            Sign.of(
                    "answer",
                    "\\banswer (?:is|was) (?:given|known|provided) (?:as|to be|above|to (?:me|us))\\b|\\b(?:given|know(?:n|ing)?|since we know) that the (?:final )?answer (?:is|must be|should be)\\b|\\bwe know (?:that )?the (?:final )?answer\\b|\\banswer (?:that )?(?:we|i) (?:were|was|are|am) given\\b|\\b(?:stated|given|shown) in the answer\\b|\\bthe answer (?:provided|supplied)\\b"),
            Sign.of(
                    "",
                    "\\b(?:match(?:es|ing)?|agree(?:s|ing)? with|consistent with|confirm(?:s|ing)?) the reference(?=\\s*(?:[.,;:!)]|$))"),
            Sign.of("solution", "\\bthe solution above (?:is|was|skips|uses|takes|omits|misses|does|leaves)\\b"),
            Sign.of("teacher", "\\bteacher['’]s (?:solution|answer|rationale)\\b"),
            Sign.of("draft", "\\b(?:earlier|previous|my|original) draft\\b"),
            Sign.of("attempt", "\\b(?:previous|earlier|original|refused|my last) attempt\\b"),
            Sign.of("", "\\b(?:my|the) (?:previous|earlier|last) (?:response|reply|rewrite)\\b"),
            // what it became
            Sign.of(
                    "version",
                    "\\b(?:" + REWORKED
                            + "|clearer|shorter|longer|simpler|easier|new|detailed|cleaned[- ]up|step-by-step|beginner[- ]friendly) version\\b(?! of (?:\\$|the (?:equation|expression|formula)))"),
            Sign.of(
                    "",
                    "\\b" + REWORKED
                            + " (?:worked |step-by-step )?(?:solution|rationale|explanation|reasoning|write-?up|proof|answer)\\b"
                            + NO_ROOT),
            Sign.of(
                    "",
                    "\\bI(?:['’]ve| have| also)?(?: \\w+ly| now| also)? " + CHANGED + "\\b[^.\\n]{0,80}?\\b" + PART
                            + "\\b"),
            Sign.of(
                    "",
                    "\\bI(?:['’]ve| have) " + REWORDED
                            + "\\b|\\bI(?:['’]ve| have) (?:expanded|simplified|extended|shortened) (?:it|this|that|everything|all|each|every)\\b"),
            Sign.of("", "\\bnote(?: that|:)?\\W+I (?:have |['’]ve )?" + CHANGED + "\\b"),
            Sign.of(
                    "",
                    "\\b(?:steps?|details?|detours?|checks?|units?|remarks?|parts?|calculator marks) (?:(?:was|were|has been|have been) )"
                            + "(?:added|removed|omitted|left out|simplified|expanded|corrected|clarified|rewritten)\\b"),
            Sign.of(
                    "",
                    "(?m)^\\W*(?:what (?:i|was|has been) changed|(?:summary of |key |list of |main )?(?:changes|edits|modifications|revisions)(?: made)?)\\W*(?::.*)?$"),
            Sign.of("version", "\\bthis (?:version|rewrite|revision)\\b(?! of\\b)"),
            Sign.of(
                    "",
                    "\\bI(?:['’]ll| will)(?: now)? (?:extend|expand|rewrite|simplify|shorten|repair|correct|clarify)\\b[^.\\n]{0,40}\\b(?:solution|rationale|explanation|steps)\\b"),
            Sign.of(
                    "",
                    "(?m)^\\W*[(\\[]\\s*" + REWORKED + "[^)\\]\\n\\d=]{0,30}[)\\]]\\W*$|\\b" + REWORKED
                            + " for (?:clarity|readability|you)\\b"),
            // who asked, and for whom
            Sign.of(
                    "",
                    "(?m)(?:^|[.!?:(]\\s*)\\W*as (?:you )?(?:requested|instructed|asked)\\b|\\bas you (?:requested|asked|wanted|instructed)\\b"
                            + "|\\b(?:as )?per (?:your|the) (?:request|instructions?|prompt|guidelines)\\b|\\byour (?:request|instructions?|prompt)\\b"),
            Sign.of("instruction", "\\b(?:the|these|following|given) instructions?\\b"),
            Sign.of("prompt", "\\bthe prompt\\b"),
            Sign.of(
                    "model",
                    "\\b(?:language|small|smaller|target|student) models?\\b|\\bmodel with [\\d.]+ ?[BM]\\b|\\b[\\d.]+ ?B parameters\\b"),
            Sign.of("", "\\b[\\d.]+ ?[BM](?:-parameter)? (?:language )?model\\b"),
            Sign.of("user", "\\b(?:the|a) user (?:asked|asks|wants|wanted|requested)\\b"),
            Sign.of(
                    "reader",
                    "\\b(?:target|intended|this) reader\\b|\\bfor (?:a|the) (?:small|weaker|young|beginning)\\w* (?:reader|learner)\\b"),
            Sign.of("examiner", "\\b(?:the )?examiner\\b"),
            Sign.of("verifier", "\\bthe (?:verifier|critic|reviewer|grader)(?:['’]s)?\\b"),
            Sign.of("feedback", "\\b(?:the|your) (?:feedback|objection|critique)\\b"),
            Sign.of("", "\\bas an AI\\b|\\bAI (?:language model|assistant)\\b"),
            // closing chat
            Sign.of(
                    "",
                    "\\bhope (?:this|that|it) (?:helps?|is (?:clear|helpful)|makes)\\b|\\blet me know (?:if|whether|what)\\b|\\bfeel free to\\b"
                            + "|\\bif you have any (?:\\w+ )?questions\\b|\\bwould you like me to\\b|\\bhappy to (?:help|explain|elaborate|clarify)\\b"),
            // other languages
            Sign.of(
                    "",
                    "参考答案|标准答案|给定的?答案|已知答案|原解|原(?:来|始)的?(?:解答|解法|答案)|(?:简化|扩展|改写|修改)(?:后的?)?(?:版|解答|版本)|按(?:照)?(?:您的|你的)?要求"),
            Sign.of(
                    "",
                    "\\b(?:ursprünglichen?|gegebenen?|vorgegebenen?) (?:Lösung|Antwort)\\b|\\bMusterlösung\\b|\\bvereinfachte (?:Version|Fassung|Lösung)\\b|\\bwie gewünscht\\b"),
            Sign.of(
                    "",
                    "\\b(?:solution originale|réponse (?:donnée|fournie|attendue)|version simplifiée|solution simplifiée|comme demandé)\\b"),
            Sign.of(
                    "",
                    "\\b(?:solución original|respuesta (?:dada|proporcionada|esperada)|versión simplificada|solución simplificada)\\b"));

    private static final String HERE = "(?:here(?:['’]s| is| are)|below (?:is|are)|this is|the following is)";
    private static final String THING =
            "(?:solution|rationale|version|rewrite|explanation|answer|breakdown|walk-?through|reasoning|derivation|text|lesson)";
    private static final String YES =
            "(?:ok(?:ay)?|alright|sure(?: thing)?|certainly|of course|absolutely|great|got it|understood|no problem|gladly)";
    private static final Pattern PREFACE = Pattern.compile(
            "(?i)\\W*(?:"
                    + YES + "\\b\\W*$" // alone
                    + "|" + YES + "\\s*!.*"
                    + "|" + YES + "\\b[,.:;—– -]+(?:" + HERE
                    + "|let me|let['’]s|i['’]ll|i will|i can|i['’]d be|happy)\\b.*"
                    + "|" + YES + "\\b.*\\b" + THING + "\\b.*[:!]\\W*"
                    + "|(?:" + HERE + "|let me|i['’]ll|i will|i have|i['’]ve|to (?:simplify|extend|rewrite))\\b.*\\b"
                    + THING + "\\b.*[:!]\\W*"
                    + "|" + HERE + " (?:the|a|an|your|my)\\b[^.:]{0,60}\\b" + REWORKED + "\\b.*"
                    + "|(?:好的|当然|没问题)[，,！!。].*|(?:以下是|下面是|这是).*(?:解答|版本|解法|推理|答案|解释|改写).*[：:]\\W*"
                    + "|(?:hier ist|voici|aquí (?:está|tienes)|ecco)\\b.*(?:lösung|fassung|version|solution|explication|solución|versión|soluzione)\\b.*[:!]\\W*)");

    private Provenance() {}

    /** The words that speak of it; empty where none do. */
    public static Optional<String> in(String text, Problem problem) {
        String first = text.lines().findFirst().orElse("").strip();
        if (PREFACE.matcher(first).matches()) {
            return Optional.of("\"" + first.substring(0, Math.min(80, first.length())) + "\" at its beginning");
        }
        String asked = problem.text().toLowerCase(Locale.ROOT);
        return SIGNS.stream()
                .filter(sign -> sign.unless.isEmpty() || !asked.contains(sign.unless))
                .flatMap(sign -> first(sign.pattern, text, problem.text()).stream())
                .findFirst();
    }

    private static Optional<String> first(Pattern pattern, String text, String problem) {
        Matcher found = pattern.matcher(text);
        return found.find() && !pattern.matcher(problem).find()
                ? Optional.of(found.group().strip())
                : Optional.empty();
    }
}
