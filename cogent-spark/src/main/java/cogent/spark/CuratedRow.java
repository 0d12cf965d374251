package cogent.spark;

import cogent.curate.Curated;
import cogent.curate.Round;
import cogent.curate.SampleOutcome;
import cogent.curate.agent.Verification;
import cogent.data.Difficulty;
import cogent.pipeline.curate.SampleCuration.Outcome;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A row of {@link CogentCuration#SCHEMA} as JSON. */
final class CuratedRow {
    private static final JsonMapper JSON = JsonMapper.shared();

    private CuratedRow() {}

    static String json(Outcome outcome) {
        ObjectNode row = JSON.createObjectNode();
        switch (outcome) {
            case Outcome.Out out -> refuse(row.put("id", out.id()), out.why());
            case Outcome.Done done -> fill(row, done);
        }
        return row.toString();
    }

    private static void fill(ObjectNode row, Outcome.Done done) {
        Curated curated = done.curated();
        row.put("id", curated.sample().id());
        row.put("problem", curated.sample().problem().text());
        row.put("answer", curated.sample().problem().answer());
        row.put("original", curated.sample().rationale().text());
        Difficulty label = curated.critique().label();
        if (label != null) {
            row.put("label", word(label));
        }
        row.put("rounds", curated.rounds().size());
        switch (curated.outcome()) {
            case SampleOutcome.Kept kept ->
                row.put("outcome", "kept")
                        .put("source", kept.source())
                        .put("rationale", kept.rationale().text());
            case SampleOutcome.Refused refused -> refuse(row, refused);
        }
        ArrayNode verdicts = row.putArray("verdicts");
        add(verdicts, 0, curated.originalCheck());
        for (Round round : curated.rounds()) {
            Verification verification = round.verification();
            if (verification != null) {
                add(verdicts, round.number(), verification);
            }
        }
        row.set("calls", JSON.valueToTree(done.calls()));
        row.set("sft", JSON.valueToTree(done.rows()));
        row.set("pairs", JSON.valueToTree(done.pairs()));
    }

    private static void refuse(ObjectNode row, SampleOutcome.Refused why) {
        row.put("outcome", "refused")
                .put("stage", why.stage().key())
                .put("reason", why.reason())
                .put("detail", why.detail());
    }

    private static void add(ArrayNode verdicts, int round, Verification verification) {
        for (Verification.Finding finding : verification.findings()) {
            verdicts.addObject()
                    .put("round", round)
                    .put("check", word(finding.check()))
                    .put("result", word(finding.result()))
                    .put("reason", finding.reason());
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
