package cogent.pipeline.study;

import cogent.eval.Interval;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The figures of a study for programs: fractions, not points; null where there is no such figure. */
final class StudyJson {
    private StudyJson() {}

    static ObjectNode of(StudyResult data) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("study", data.name()).put("version", data.version()).put("command", data.command());
        json.put("written", data.written().toString());
        json.put("runs", data.runs()).put("complete", data.complete()).put("baseline", data.baseline());
        json.put("interval_method", "95 %, Student's t over seeds; bootstrap: seeds, then problems within them");
        json.put("p_method", "two-sided paired t-test over seeds; p_holm: Holm's correction for all comparisons");
        ArrayNode tables = json.putArray("benchmarks");
        for (StudyResult.Table table : data.tables()) {
            ObjectNode entry = tables.addObject().put("benchmark", table.benchmark());
            entry.put("decoding", table.decoding());
            table.rows().forEach(row -> entry.withArray("variants").add(row(row)));
            table.differences().forEach(d -> entry.withArray("comparisons").add(difference(d)));
        }
        data.costs()
                .forEach(c -> json.withArray("costs")
                        .addObject()
                        .put("variant", c.variant())
                        .put("runs", c.runs())
                        .put("seconds", c.seconds())
                        .put("own_seconds", c.own())
                        .put("trained_tokens", c.trainedTokens())
                        .put("teacher_calls", c.teacherCalls())
                        .put("teacher_tokens", c.teacherTokens()));
        return json;
    }

    private static ObjectNode row(StudyResult.Row row) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("variant", row.variant()).put("changes", row.about()).put("model", row.model());
        put(json, "mean", row.mean().mean());
        put(json, "deviation", row.mean().deviation());
        interval(json, "", row.mean().interval());
        interval(json, "bootstrap_", row.hierarchical());
        row.seeds()
                .forEach(s -> json.withArray("seeds")
                        .addObject()
                        .put("seed", s.seed())
                        .put("correct", s.correct())
                        .put("n", s.n())
                        .put("accuracy", s.accuracy())
                        .put("mean_tokens", s.meanTokens())
                        .put("truncated", s.truncated())
                        .put("unstated", s.unstated()));
        return json;
    }

    private static ObjectNode difference(StudyResult.Difference d) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("variant", d.variant()).put("against", d.against());
        put(json, "difference", d.mean().mean());
        interval(json, "", d.mean().interval());
        interval(json, "bootstrap_", d.hierarchical());
        put(json, "p", d.p());
        put(json, "p_holm", d.corrected());
        d.bySeed().forEach(value -> json.withArray("by_seed").add(value));
        return json;
    }

    private static void interval(ObjectNode json, String prefix, Interval interval) {
        put(json, prefix + "low", interval.low());
        put(json, prefix + "high", interval.high());
    }

    /** JSON knows no NaN. */
    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        } else {
            json.putNull(name);
        }
    }
}
