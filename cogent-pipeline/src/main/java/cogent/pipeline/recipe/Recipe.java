package cogent.pipeline.recipe;

import cogent.data.InputException;
import cogent.llm.store.SharedStore;
import cogent.pipeline.keys.Key;
import cogent.pipeline.keys.Unwrapped;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A recipe as resolved: every key has a value. Each section is a record that declares its keys. */
public record Recipe(
        @Key(doc = "the run directory is runs/NAME; empty = the recipe's file name", def = "''", operational = true)
        String name,

        @Key(doc = "where run directories lie", def = "runs", operational = true, path = true, aka = "output_dir")
        String runs,

        @Key(
                doc =
                        "where calls and samples are kept, such as jdbc:postgresql://HOST/DATABASE for several processes at once;"
                                + " empty = run.db in the run directory",
                def = "''",
                operational = true)
        String store,

        @Key(doc = "data, initial weights, order, sampling", def = "7", aka = "data_seed")
        long seed,

        @Key(doc = "CPU threads of libtorch; 0 = all cores", def = "0", range = "[0,)", operational = true)
        int threads,

        @Key(doc = "the triples (x, y, r): problem, answer, rationale")
        CorpusConfig corpus,

        @Key(doc = "the built-in world; used where something says `playground`")
        PlaygroundConfig playground,

        @Key(doc = "how rows become text for the student") FormatConfig format,

        @Key(doc = "the small model") StudentConfig student,

        @Key(doc = "the endpoint behind the agents; any OpenAI-compatible one")
        EndpointConfig teacher,

        @Key(doc = "critique, rethink, verify, and the pairs")
        CurateConfig curate,

        @Key(doc = "the baseline: SFT on the corpus as it is, with the settings of sft")
        RawSftConfig rawSft,

        @Key(doc = "supervised fine-tuning of the student") SftConfig sft,

        @Key(doc = "before align: what the SFT model itself gets wrong, as rejected sides of the large gap too")
        OnPolicyConfig onPolicy,

        @Key(doc = "before align: a reward model of the pairs, for madpo: docs/objectives.md")
        RewardConfig reward,

        @Key(doc = "preference alignment of the SFT model") AlignConfig align,

        @Key(doc = "on-policy distillation of the SFT model, beside align: docs/objectives.md")
        DistilConfig distil,

        @Key(doc = "measuring the models", aka = "eval") EvaluateConfig evaluate,

        @Key(doc = "where trainings are followed that name a service in log_to")
        TrackingConfig tracking) {
    /** What stands for the built-in world in place of a path or an address. */
    public static final String PLAYGROUND = "playground";

    /** A name that is a path of its own, or leads upwards. */
    private static final Pattern OUTWARD =
            Pattern.compile("(?s)[/\\\\].*|[A-Za-z]:.*|(?:.*[/\\\\])?\\.\\.?(?:[/\\\\].*)?");

    public Recipe {
        InputException.require(
                !OUTWARD.matcher(name).matches(),
                "name \"" + name + "\" is no folder within the runs: runs says where those lie");
        InputException.require(
                !reward.enabled() || align.objective().equals("madpo"),
                "reward is for align.objective madpo, and " + align.objective() + " asks no reward model");
        InputException.require(
                !align.enabled() || !align.objective().equals("madpo") || reward.enabled() || align.rows() != null,
                "align.objective madpo weighs pairs by reward margins, which a curation does not know: set reward.enabled, or"
                        + " bring align.rows that state reward_margin");
    }

    /** The store that several processes share, where the recipe names one. */
    public Optional<SharedStore> sharedStore() {
        return store.isEmpty() ? Optional.empty() : Optional.of(new SharedStore(store, name));
    }

    /** Whether there are rows to train on in place of a corpus to curate. */
    public boolean bringsRows() {
        return corpus.path() == null && (sft.rows() != null || align.rows() != null);
    }

    /** Whether an SFT model is made. */
    public boolean fineTunes() {
        return !bringsRows() || sft.rows() != null;
    }

    /** Whether an aligned model is made. */
    public boolean aligns() {
        return align.enabled() && (!bringsRows() || align.rows() != null);
    }

    /** Whether a distilled model is made. */
    public boolean distils() {
        return distil.teacher() != null;
    }

    /** The baseline on the corpus as it is. */
    public record RawSftConfig(
            @Key(doc = "whether it is trained and evaluated", def = "false")
            boolean enabled) {}

    /** A reward model of the pairs: what madpo measures their margins by. */
    public record RewardConfig(
            @Key(
                    doc =
                            "whether the SFT model is first trained on the pairs by DPO, and madpo takes each pair's margin from that"
                                    + " model's implicit reward, not from the row's reward_margin",
                    def = "false")
            boolean enabled,

            @Unwrapped TrainingConfig training) {}

    /** The student comes closer to a larger local teacher on its own replies. */
    public record DistilConfig(
            @Key(
                    doc =
                            "a larger model with the student's tokenizer that runs here: a name of the hub, a directory or a GGUF"
                                    + " file; null = none. It reads in student.dtype",
                    def = "null",
                    operational = true, // its files are an input
                    path = true,
                    aka = "teacher_model_name_or_path")
            @Nullable
            String teacher,

            @Key(doc = "tokens of a reply", def = "512", range = "[1,)", aka = "max_completion_length")
            int maxNewTokens,

            @Key(doc = "replies written together", def = "32", range = "[1,)", operational = true)
            int repliesAtOnce,

            @Unwrapped TrainingConfig training) {
        public DistilConfig {
            InputException.require(
                    training.holdOut().share() == 0,
                    "hold_out is not for distil: what the student says at each step is new to it anyway");
        }
    }
}
