package cogent.studio.sample;

import cogent.curate.Curated;
import cogent.curate.PairBuilder;
import cogent.curate.run.ListedSample;
import cogent.curate.run.SampleList.Where;
import cogent.data.Difficulty;
import cogent.data.Rationale;
import cogent.studio.http.RefusedRequest;
import cogent.studio.http.Request;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which samples are asked for, as the address has it; what is not named is not asked.
 *
 * @param asked {@code label, outcome, reason, rounds}: told by the table of samples; {@code gap, text, answer, longer, shorter}:
 *     a sample's story is read for them; {@code noted}
 */
record SampleQuery(Map<String, String> asked) {
    private static final List<String> NAMES =
            List.of("label", "outcome", "reason", "rounds", "gap", "text", "answer", "longer", "shorter", "noted");

    SampleQuery {
        asked = Collections.unmodifiableMap(new LinkedHashMap<>(asked));
    }

    static SampleQuery of(Request request) {
        Map<String, String> asked = new LinkedHashMap<>();
        NAMES.stream()
                .filter(name -> !request.query(name).isBlank())
                .forEach(name -> asked.put(name, request.query(name).strip()));
        return new SampleQuery(asked);
    }

    String of(String name) {
        return asked.getOrDefault(name, "");
    }

    /** @throws RefusedRequest when it asks for what cannot be */
    Where where() {
        try {
            return new Where(
                    given("label").map(l -> Difficulty.valueOf(l.toUpperCase(Locale.ROOT))),
                    given("outcome").map(o -> o.equals("kept")),
                    given("rounds").map(Integer::valueOf),
                    given("reason"));
        } catch (IllegalArgumentException e) {
            throw new RefusedRequest(400, "this address asks for samples that cannot be: " + asked);
        }
    }

    /** Whether stories must be read to tell. */
    boolean reads() {
        return Stream.of("gap", "text", "answer", "longer", "shorter").anyMatch(asked::containsKey);
    }

    /** Whether a sample is asked for, as far as {@link #where} does not tell. */
    boolean wants(ListedSample sample, PairBuilder pairs) {
        String original = sample.sample().rationale().text();
        return given("text")
                        .map(text -> texts(sample).anyMatch(in -> contains(in, text)))
                        .orElse(true)
                && given("answer")
                        .map(answer -> answers(sample).anyMatch(answer::equals))
                        .orElse(true)
                && given("longer").map(n -> original.length() > number(n)).orElse(true)
                && given("shorter").map(n -> original.length() < number(n)).orElse(true)
                && given("gap").map(gap -> hasPair(sample, pairs, gap)).orElse(true);
    }

    private Optional<String> given(String name) {
        return Optional.ofNullable(asked.get(name));
    }

    private static boolean hasPair(ListedSample sample, PairBuilder pairs, String gap) {
        return sample.curated().stream()
                .flatMap(curated -> pairs.preferences(curated).stream())
                .anyMatch(pair -> gap.equalsIgnoreCase(String.valueOf(pair.gap())));
    }

    /** All that was written on it by the corpus and the agents. */
    private static Stream<String> texts(ListedSample sample) {
        return Stream.concat(
                Stream.of(
                        sample.sample().id(),
                        sample.sample().problem().text(),
                        sample.sample().problem().answer(),
                        sample.sample().rationale().text(),
                        sample.reason()),
                sample.curated().stream()
                        .flatMap(curated -> Stream.concat(
                                written(curated).map(Rationale::text), curated.critique().reasoning().stream())));
    }

    private static Stream<String> answers(ListedSample sample) {
        return Stream.concat(
                Stream.of(
                        sample.sample().problem().answer(),
                        sample.sample().rationale().conclusion()),
                sample.curated().stream().flatMap(SampleQuery::written).map(Rationale::conclusion));
    }

    private static Stream<Rationale> written(Curated curated) {
        return Stream.concat(
                curated.rounds().stream().flatMap(round -> round.rewrite().found().stream()),
                curated.distractions().stream().flatMap(wrong -> wrong.reply().found().stream()));
    }

    private static boolean contains(String in, String text) {
        return in.toLowerCase(Locale.ROOT).contains(text.toLowerCase(Locale.ROOT));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new RefusedRequest(400, "a length is a whole number of characters, not " + text);
        }
    }
}
