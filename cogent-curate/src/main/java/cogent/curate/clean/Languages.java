package cogent.curate.clean;

import cogent.curate.SampleOutcome;
import cogent.data.InputException;
import cogent.data.Sample;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import opennlp.tools.langdetect.Language;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/**
 * Leaves out rationales that are written in none of the languages asked for, as Apache OpenNLP's detector (103 languages)
 * judges their words, notation aside. What has too few words to tell passes. The bound was measured, see
 * {@code docs/decisions/curation.md}. Not thread-safe.
 */
public final class Languages implements SampleFilter {
    private static final String MODEL = "/langdetect-183.bin";
    /** Beginning and end of a long rationale. */
    private static final int LOOKED_AT = 2000;

    private static final int FEW_LETTERS = 20;
    /** How much likelier than the languages asked for another one must be. */
    private static final double LIKELIER = 1.4;

    /** TeX commands and formulas, GSM8K's calculator notes, names of variables, all that is no letter. */
    private static final Pattern NOTATION = Pattern.compile(
            "\\\\[a-zA-Z]++|\\$[^$]{1,400}+\\$|<<[^>]*+>>|(?<!\\p{L})\\p{IsLatin}(?!\\p{L})|[^\\p{L}\\p{M}'.,;:!?]++");

    /** Where the detector has the languages of a code under other names. */
    private static final Map<String, Set<String>> OTHER_NAMES = Map.of(
            "zho", Set.of("cmn", "nan"),
            "nor", Set.of("nob", "nno"),
            "fas", Set.of("pes", "fas"),
            "lav", Set.of("lvs", "lav"),
            "est", Set.of("ekk"),
            "ind", Set.of("msa"));

    private final LanguageDetectorME detector;
    private final Set<String> wanted = new TreeSet<>();

    /**
     * @param codes ISO 639, of two letters or three
     * @throws InputException when the detector does not know one of them
     */
    public Languages(List<String> codes) {
        try (InputStream model = Objects.requireNonNull(LanguageDetectorME.class.getResourceAsStream(MODEL), MODEL)) {
            detector = new LanguageDetectorME(new LanguageDetectorModel(model));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Set<String> known = new TreeSet<>(Arrays.asList(detector.getSupportedLanguages()));
        for (String code : codes) {
            Set<String> names = names(code);
            if (names.stream().noneMatch(known::contains)) {
                throw new InputException("corpus.clean.languages: the detector knows no language \"" + code
                        + "\". It knows, by their ISO 639 codes, " + String.join(" ", known)
                        + "; two letters will do where there are any, such as en");
            }
            wanted.addAll(names);
        }
    }

    private static Set<String> names(String code) {
        try {
            String three = Locale.of(code.toLowerCase(Locale.ROOT)).getISO3Language();
            return OTHER_NAMES.getOrDefault(three, Set.of(three));
        } catch (MissingResourceException e) {
            return Set.of(code);
        }
    }

    @Override
    public Optional<SampleOutcome.Refused> refuse(Sample sample) {
        String words = words(sample.rationale().text());
        if (letters(words) < FEW_LETTERS) {
            return Optional.empty();
        }
        Language[] likely = detector.predictLanguages(words);
        double ours = Arrays.stream(likely)
                .filter(language -> wanted.contains(language.getLang()))
                .mapToDouble(Language::getConfidence)
                .max()
                .orElse(0);
        return wanted.contains(likely[0].getLang()) || likely[0].getConfidence() < LIKELIER * ours
                ? Optional.empty()
                : SampleFilter.refused("written in another language", likely[0].getLang());
    }

    /** An ideograph tells as much as a few letters. */
    private static long letters(String words) {
        return words.codePoints()
                .mapToLong(c -> Character.isIdeographic(c) ? 3 : Character.isLetter(c) ? 1 : 0)
                .sum();
    }

    private static String words(String text) {
        String both = ends(text, 10 * LOOKED_AT); // bounds the work on a text of formulas
        return ends(NOTATION.matcher(both).replaceAll(" "), LOOKED_AT);
    }

    private static String ends(String text, int length) {
        return text.length() <= length
                ? text
                : text.substring(0, length / 2) + " " + text.substring(text.length() - length / 2);
    }
}
