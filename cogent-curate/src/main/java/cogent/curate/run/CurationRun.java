package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.PairBuilder;
import cogent.curate.SampleOutcome;
import cogent.curate.agent.FailedAttempt;
import cogent.curate.clean.SampleFilter;
import cogent.curate.run.SampleTable.Numbered;
import cogent.curate.run.SampleTable.Turn;
import cogent.data.Sample;
import cogent.data.Sha256;
import cogent.data.file.RefusedRow;
import cogent.llm.ChatException;
import cogent.llm.store.RunDatabase;
import cogent.llm.store.Stored;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Curates a corpus of any size: many samples on their way at once, each on a virtual thread of its own, so that a slow one
 * holds up nobody. What is finished is in {@code run.db} and is not done again; the output files are written at the end
 * from there, in the order of the corpus, so that an interrupted and continued run leaves the same bytes as one that was
 * not.
 */
public final class CurationRun {
    /** What a run does with what it did before, and with calls whose reply is {@code PENDING}. */
    public enum Mode {
        /** Replies are fetched; finished samples stay as they are. */
        FETCH,
        /** As {@code FETCH}, beside other processes on the same store: samples are finished, and no output is written. */
        WORK,
        /** Finished samples stay; no output is written while a call waits for its reply. */
        BATCH,
        /** Every sample is computed anew; no output is written where a reply is not stored. */
        REPARSE
    }

    /** Samples that are looked up together. */
    private static final int TOGETHER = 16;

    /** How often a shared store is asked what others have done. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final SampleTrace trace = new SampleTrace();
    private final Curation curation;
    private final PairBuilder pairs;
    private final SampleTable table;
    private final String settings;
    private final int inFlight;
    private final Halt halt;
    private final Consumer<CurationProgress> listener;
    private CurationProgress progress = CurationProgress.start(0);
    private Mode mode = Mode.FETCH;
    private long pending;

    /**
     * @param settings a hash or text of everything in the recipe that a sample's story depends on; another one, and
     *     finished samples are computed again (from stored replies where the requests are the same)
     * @param inFlight samples on their way at once, and so the memory that a run needs
     * @param stop asked before every call to an agent: true stops the run, as an interrupt of the thread does
     * @param listener told after every sample, from one thread at a time
     */
    public CurationRun(
            Curation curation,
            PairBuilder pairs,
            RunDatabase database,
            String settings,
            int inFlight,
            BooleanSupplier stop,
            Consumer<CurationProgress> listener) {
        this.curation = curation;
        this.pairs = pairs;
        this.table = new SampleTable(database);
        this.settings = settings;
        this.inFlight = inFlight;
        this.halt = new Halt("samples", inFlight, stop);
        this.listener = listener;
    }

    /**
     * Curates the corpus and writes {@code sft.jsonl}, {@code preferences.jsonl} and {@code refused.jsonl}.
     *
     * @param corpus as {@code Corpus::samples}: given a sink of refused rows, the samples in order
     * @param filters asked in turn before a sample enters; what they leave out heads {@code refused.jsonl}, with the rows
     *     that are no samples
     * @param flags what these would leave out stays, and is named in {@code flagged.jsonl}
     * @param total samples in it, 0 if not counted
     * @param directory where the outputs go
     * @param how what is done again, and what becomes of calls without a reply
     * @return the counts; empty when the run was stopped, or waits for a batch, and is to be continued by running it again
     * @throws ChatException that no sample can be answered any more; everything finished is kept
     * @throws cogent.data.InputException from the corpus, or when the run directory cannot be written
     */
    public Optional<CurationSummary> run(
            Function<Consumer<RefusedRow>, Stream<Sample>> corpus,
            List<SampleFilter> filters,
            List<SampleFilter> flags,
            long total,
            Path directory,
            Mode how) {
        progress = CurationProgress.start(total);
        mode = how;
        table.agree(settings);
        if (mode == Mode.REPARSE) {
            table.forget();
        }
        try (CurationOutputs outputs = new CurationOutputs(directory, pairs, !flags.isEmpty())) {
            try (Stream<Sample> samples = corpus.apply(outputs::refuse)) {
                table.truncate(curateAll(samples.filter(sample -> enters(sample, filters, flags, outputs))
                        .iterator()));
            }
            if (mode == Mode.FETCH || mode == Mode.WORK) {
                waitForOthers();
                pass(table.isShared() ? SampleTable.FAILED : SampleTable.UNFINISHED);
                waitForOthers();
            }
            halt.rethrow();
            boolean waiting = mode != Mode.FETCH && pending > 0;
            return waiting || halt.isWished() || mode == Mode.WORK
                    ? Optional.empty()
                    : Optional.of(outputs.write(table));
        }
    }

    /** The same without filters, in mode {@code FETCH}. */
    public Optional<CurationSummary> run(
            Function<Consumer<RefusedRow>, Stream<Sample>> corpus, long total, Path directory) {
        return run(corpus, List.of(), List.of(), total, directory, Mode.FETCH);
    }

    private static boolean enters(
            Sample sample, List<SampleFilter> filters, List<SampleFilter> flags, CurationOutputs outputs) {
        Optional<SampleOutcome.Refused> why = filters.stream()
                .flatMap(filter -> filter.refuse(sample).stream())
                .findFirst();
        why.ifPresent(refused -> outputs.refuse(sample, refused));
        if (why.isEmpty()) {
            flags.forEach(flag -> flag.refuse(sample).ifPresent(what -> outputs.flag(sample, what)));
        }
        return why.isEmpty();
    }

    /** @return the number of samples seen, or {@code Long.MAX_VALUE} when the corpus was not read to its end */
    private long curateAll(Iterator<Sample> samples) {
        Semaphore window = new Semaphore(inFlight);
        long position = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!halt.isNear() && samples.hasNext() && halt.hasPlaces(window, 1)) {
                int places = 1 + more(window);
                List<Numbered> some = new ArrayList<>();
                while (some.size() < places && samples.hasNext()) {
                    Sample sample = samples.next();
                    some.add(new Numbered(position++, key(sample), sample));
                }
                window.release(places - some.size());
                begin(threads, window, some);
            }
        }
        return halt.isNear() ? Long.MAX_VALUE : position;
    }

    /** Places beside one that is taken, as far as they are free: so many samples are looked up and taken together. */
    private static int more(Semaphore window) {
        int more = 0;
        while (more < TOGETHER - 1 && window.tryAcquire()) {
            more++;
        }
        return more;
    }

    /** @return whether there is one that another process is at; each sample comes with a place in the window */
    private boolean begin(ExecutorService threads, Semaphore window, List<Numbered> samples) {
        boolean others = false;
        List<Turn> turns = table.take(samples);
        for (int i = 0; i < turns.size(); i++) {
            switch (turns.get(i)) {
                case Turn.Mine _ -> start(threads, window, samples.get(i));
                case Turn.Done done -> {
                    window.release();
                    halt.answered();
                    advance(done.row());
                }
                case Turn.Others _ -> {
                    window.release();
                    others = true;
                }
            }
        }
        return others;
    }

    /**
     * Takes up samples that lie there unfinished, each once, from the beginning of the corpus: those of a process that has died,
     * and those that no endpoint answered, which have their second chance when the others are through.
     *
     * @return whether there was one that another process is at
     */
    private boolean pass(String which) {
        boolean others = false;
        long from = 0;
        Semaphore window = new Semaphore(inFlight);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (!halt.isNear()) {
                List<Numbered> left = table.unfinished(which, from, inFlight).stream()
                        .map(SampleTable.Entry.Failed::numbered)
                        .toList();
                if (left.isEmpty()) {
                    return others;
                }
                from = left.getLast().position() + 1;
                others |= halt.hasPlaces(window, left.size()) && begin(threads, window, left);
            }
        }
        return others;
    }

    /** On a shared store: until no sample is left to others, or all of theirs are taken over. */
    private void waitForOthers() {
        while (table.isShared() && !halt.isNear() && pass(SampleTable.PENDING)) {
            synchronized (this) {
                progress = table.progress(progress.total());
                listener.accept(progress);
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                throw ChatException.interrupted(e);
            }
        }
    }

    private void start(ExecutorService threads, Semaphore window, Numbered sample) {
        threads.execute(() -> {
            try {
                halt.within("sample " + sample.sample().id(), () -> one(sample), e -> fail(sample, e));
            } finally {
                window.release();
            }
        });
    }

    private void one(Numbered sample) {
        Map<String, String> replies = new LinkedHashMap<>();
        Curated curated = ScopedValue.where(Stored.REPLIES, (call, reply) -> replies.put(call, reply.text()))
                .call(() -> trace.around(sample.sample(), curation::curate));
        // refusals cost nothing, and the server may take the request by then
        boolean again = curated.failedAttempts().anyMatch(attempt -> attempt.kind() == FailedAttempt.Kind.REQUEST);
        table.putDone(sample, again, curated, replies);
        advance(SampleRow.of(curated));
    }

    private void fail(Numbered sample, ChatException e) {
        boolean later = e.kind() == ChatException.Kind.PENDING;
        table.putFailed(sample, String.valueOf(e.getMessage()), later);
        synchronized (this) {
            pending += later ? 1 : 0;
            progress = progress.plusFailed();
            listener.accept(progress);
        }
    }

    private synchronized void advance(SampleRow row) {
        progress = progress.plus(row);
        listener.accept(progress);
    }

    private String key(Sample sample) {
        return new Sha256()
                .addPart(settings)
                .addPart(sample.problem().id())
                .addPart(sample.problem().text())
                .addPart(sample.problem().answer())
                .addPart(sample.rationale().text())
                .addPart(sample.rationale().conclusion())
                .hex()
                .substring(0, 32);
    }
}
