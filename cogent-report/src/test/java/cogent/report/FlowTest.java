package cogent.report;

import static org.assertj.core.api.Assertions.assertThat;

import cogent.data.Difficulty;
import cogent.report.Flow.Place;
import cogent.report.ReportData.Counted;
import cogent.report.ReportData.Curation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FlowTest {
    @Test
    void every_sample_ends_somewhere() {
        Flow flow = Flow.of(Runs.curation(List.of()));
        for (Place place : flow.places()) {
            long in = flow.links().stream()
                    .filter(l -> l.to().equals(place))
                    .mapToLong(Flow.Link::count)
                    .sum();
            long out = flow.links().stream()
                    .filter(l -> l.from().equals(place))
                    .mapToLong(Flow.Link::count)
                    .sum();
            if (place.column() > 0) {
                assertThat(in).as("into " + place.name()).isEqualTo(place.count());
            }
            if (!List.of("SFT rows", "refused", "waiting").contains(place.name())) {
                assertThat(out).as("out of " + place.name()).isEqualTo(place.count());
            }
        }
        assertThat(names(flow))
                .containsExactly(
                        "corpus",
                        "medium",
                        "easy",
                        "hard",
                        "rethink 1",
                        "rethink 2",
                        "rethink 3",
                        "SFT rows",
                        "refused");
    }

    @Test
    void what_is_not_done_yet_waits() {
        Flow flow = Flow.of(curation(100, 10, 5, 12, 5, Map.of(1, 9L), 2));
        assertThat(flow.places())
                .filteredOn(p -> p.name().equals("waiting"))
                .singleElement()
                .extracting(Place::count)
                .isEqualTo(100L - 5 - 9 - 2);
        assertThat(names(flow)).contains("no label");
    }

    @Test
    void many_rounds_share_the_last_place() {
        Map<Integer, Long> rounds = Map.of(1, 8L, 2, 4L, 4, 3L);
        Flow flow = Flow.of(curation(20, 8, 4, 8, 4, rounds, 1));
        assertThat(names(flow))
                .contains("rethink 1", "rethink 2", "rethink 3–4")
                .doesNotContain("rethink 4", "waiting");
    }

    @Test
    void before_the_first_sample_there_is_only_the_corpus() {
        Flow flow = Flow.of(curation(50, 0, 0, 0, 0, Map.of(), 0));
        assertThat(FlowPicture.figure(flow)).contains("corpus", "waiting").doesNotContain("NaN");
        assertThat(FlowPicture.figure(Flow.of(curation(0, 0, 0, 0, 0, Map.of(), 0))))
                .doesNotContain("NaN");
    }

    private static List<String> names(Flow flow) {
        return flow.places().stream().map(Place::name).toList();
    }

    private static Curation curation(
            long corpus, long easy, long medium, long hard, long kept, Map<Integer, Long> rounds, long refused) {
        long rows = kept + rounds.values().stream().mapToLong(n -> n).sum();
        return new Curation(
                List.of(),
                corpus,
                Map.of(Difficulty.EASY, easy, Difficulty.MEDIUM, medium, Difficulty.HARD, hard),
                kept,
                rounds,
                List.of(new Counted("any", refused)),
                rows,
                List.of(),
                List.of(),
                List.of(),
                OptionalDouble.empty(),
                List.of(),
                Optional.empty(),
                List.of());
    }
}
