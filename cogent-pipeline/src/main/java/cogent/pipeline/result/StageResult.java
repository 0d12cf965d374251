package cogent.pipeline.result;

import cogent.llm.meter.Meter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Optional;

/** What a stage came to: its manifest keeps it, and all that is told of the stage is made from it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface StageResult
        permits AuthorResult,
                CurateResult,
                EvaluateResult,
                OnPolicyResult,
                PlaygroundResult,
                RawRowsResult,
                SelectResult,
                TrainResult {
    /** What its calls of chat models came to, where it made any. */
    default Optional<Meter.Snapshot> spent() {
        return Optional.empty();
    }
}
