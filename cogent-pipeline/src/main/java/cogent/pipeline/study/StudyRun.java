package cogent.pipeline.study;

import cogent.pipeline.StagedRun;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of the grid.
 *
 * @param variant its name
 */
public record StudyRun(String variant, long seed, StagedRun run) {
    /** The grid, seed by seed, so that whole comparisons are there early. */
    public static List<StudyRun> of(Study study) {
        List<StudyRun> cells = new ArrayList<>();
        for (int s = 0; s < study.seeds().size(); s++) {
            for (Study.Variant variant : study.variants()) {
                cells.add(new StudyRun(
                        variant.name(),
                        study.seeds().get(s),
                        StagedRun.of(variant.recipes().get(s))));
            }
        }
        return List.copyOf(cells);
    }

    @Override
    public String toString() {
        return variant + " · seed " + seed;
    }
}
