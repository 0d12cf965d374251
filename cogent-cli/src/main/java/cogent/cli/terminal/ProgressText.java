package cogent.cli.terminal;

import cogent.curate.run.CurationProgress;
import cogent.llm.meter.Meter;
import cogent.llm.meter.UsageTotals;
import cogent.pipeline.curate.Agents;
import cogent.pipeline.run.ModelNames;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.StageDetail;
import cogent.report.UsageText;
import cogent.train.loop.TrainingProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a stage is at, in words. */
final class ProgressText {
    private ProgressText() {}

    /** What the line is called: the stage, or the part of it that is a work of its own. */
    static String label(StageProgress progress) {
        return switch (progress.detail()) {
            case StageDetail.StudentReading _ -> "student";
            case StageDetail.ReferenceScoring _ -> "reference";
            default -> progress.stage();
        };
    }

    /** What else to say: loss, labels, cost. */
    static String of(StageDetail detail, ModelNames names) {
        return switch (detail) {
            case StageDetail.None _, StageDetail.ReferenceScoring _ -> "";
            case StageDetail.Fetching fetching -> fetching.file();
            case StageDetail.StudentReading reading -> "read by " + reading.model();
            case StageDetail.Curating curating -> labels(curating.progress());
            case StageDetail.Asking asking -> UsageText.of(asking.spent());
            case StageDetail.Training training -> training(training.progress());
            case StageDetail.Answering a ->
                "%s on %s: %.1f %% correct%s"
                        .formatted(
                                names.of(a.model()),
                                a.benchmark(),
                                100 * a.correct(),
                                a.spent().map(s -> "  " + UsageText.of(s)).orElse(""));
        };
    }

    /** What makes it up: the use of each agent in the order of their work, a line each, and their sum; else nothing. */
    static List<String> parts(StageDetail detail) {
        if (!(detail instanceof StageDetail.Curating curating)) {
            return List.of();
        }
        Meter.Snapshot spent = curating.spent();
        Map<String, UsageTotals> agents = new TreeMap<>(Agents.BY_WORK);
        agents.putAll(spent.byAgent());
        List<String> parts = new ArrayList<>();
        agents.forEach((agent, totals) -> parts.add("   %-13s %s".formatted(agent, UsageText.of(totals))));
        String out = spent.inFlight() > 0 ? ", %,d in flight".formatted(spent.inFlight()) : "";
        parts.add("   %-13s %s".formatted("all", UsageText.of(spent) + out));
        return parts;
    }

    private static String labels(CurationProgress p) {
        return "easy %,d  medium %,d  hard %,d  verified %,d  refused %,d"
                .formatted(p.easy(), p.medium(), p.hard(), p.verified(), p.refused());
    }

    private static String training(TrainingProgress p) {
        String margins = Stream.of("small", "medium", "large")
                .flatMap(gap -> Optional.ofNullable(p.metrics().get("rewards/margins/" + gap))
                        .map(m -> "  %s %+.2f".formatted(gap, m))
                        .stream())
                .collect(Collectors.joining());
        return "loss %.3f%s  %,.0f tok/s"
                .formatted(p.loss(), margins.isEmpty() ? "" : "  margin" + margins.substring(1), p.tokensPerSecond());
    }
}
