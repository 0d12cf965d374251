package cogent.curate.student;

import cogent.curate.agent.StudentProbe;
import cogent.curate.agent.StudentProbe.Measure;
import cogent.curate.agent.StudentProbe.Work;
import cogent.curate.rationale.Steps;
import cogent.data.Problem;
import cogent.data.Sample;
import cogent.data.Sha256;
import cogent.llm.store.RunDatabase;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the student makes of rationales, kept in the table {@code student_measures} of {@code run.db}: nothing is measured twice.
 * The corpus is measured ahead in parts of fixed size and in its own order, and a part is kept as a whole: so an
 * interrupted and continued run has the very figures of one that was not.
 */
public final class Measures {
    /** Rationales that go to the student together. */
    static final int PART = 64;

    /** Numbers of a measure. */
    private static final int FIGURES = 5;

    private static final String SCHEMA = """
            CREATE TABLE IF NOT EXISTS student_measures (
              key TEXT PRIMARY KEY,
              answer_logp REAL NOT NULL,
              work_logp REAL NOT NULL,
              rank_surprisal REAL NOT NULL,
              tokens INTEGER NOT NULL,
              fits BOOLEAN NOT NULL
            ) WITHOUT ROWID""";

    private final RunDatabase database;
    private final StudentProbe probe;
    private final String student;

    /** @param student a hash or text of everything that the figures depend on besides the rationale */
    public Measures(RunDatabase database, StudentProbe probe, String student) {
        this.database = database;
        this.probe = probe;
        this.student = student;
        database.define(SCHEMA);
    }

    /** One rationale, from the table where it is there. */
    Measure of(Sample sample) {
        return all(List.of(work(sample)), Division.NONE).getFirst();
    }

    /**
     * Measures a corpus. Each of several processes takes a part of every round; all of them call this with the same corpus.
     *
     * @param division the first's table is what is known
     * @param stop asked between two rounds; one process that is to stop stops all
     * @param progress told how many are done
     * @return the measures in order; empty when it was stopped
     */
    public Optional<List<Measure>> ahead(
            Stream<Sample> corpus, Division division, BooleanSupplier stop, LongConsumer progress) {
        List<Measure> measures = new ArrayList<>();
        List<Work> round = new ArrayList<>();
        for (Iterator<Sample> samples = corpus.iterator(); samples.hasNext(); ) {
            round.add(work(samples.next()));
            if (round.size() == PART * division.count() || !samples.hasNext()) {
                if (division.any(stop.getAsBoolean())) {
                    return Optional.empty();
                }
                measures.addAll(all(round, division));
                round.clear();
                progress.accept(measures.size());
            }
        }
        return Optional.of(measures);
    }

    private List<Measure> all(List<Work> works, Division division) {
        List<String> keys = works.stream().map(this::key).toList();
        Map<String, Measure> known = division.rank() == 0 ? read(keys) : Map.of();
        double[] isKnown = division.sum()
                .apply(keys.stream()
                        .mapToDouble(key -> known.containsKey(key) ? 1 : 0)
                        .toArray());
        double[] figures = new double[FIGURES * works.size()];
        Map<String, Integer> missing = new LinkedHashMap<>();
        for (int i = 0; i < works.size(); i++) {
            Measure measure = known.get(keys.get(i));
            if (measure != null) {
                put(figures, i, measure);
            } else if (isKnown[i] == 0) {
                missing.putIfAbsent(keys.get(i), i);
            }
        }
        List<Integer> own = missing.values().stream()
                .filter(i -> i / PART == division.rank())
                .toList();
        List<Measure> measured = own.isEmpty()
                ? List.of()
                : probe.measure(own.stream().map(works::get).toList());
        for (int n = 0; n < own.size(); n++) {
            put(figures, own.get(n), measured.get(n));
        }
        double[] all = division.sum().apply(figures);
        if (division.rank() == 0 && !missing.isEmpty()) {
            Map<String, Measure> fresh = new LinkedHashMap<>();
            missing.forEach((key, i) -> fresh.put(key, measure(all, i)));
            write(fresh);
        }
        return IntStream.range(0, works.size())
                .mapToObj(i -> measure(all, missing.getOrDefault(keys.get(i), i)))
                .toList();
    }

    private static void put(double[] figures, int row, Measure measure) {
        figures[FIGURES * row] = measure.answerLogp();
        figures[FIGURES * row + 1] = measure.workLogp();
        figures[FIGURES * row + 2] = measure.rankSurprisal();
        figures[FIGURES * row + 3] = measure.tokens();
        figures[FIGURES * row + 4] = measure.fits() ? 1 : 0;
    }

    private static Measure measure(double[] figures, int row) {
        return new Measure(
                figures[FIGURES * row],
                figures[FIGURES * row + 1],
                figures[FIGURES * row + 2],
                (int) figures[FIGURES * row + 3],
                figures[FIGURES * row + 4] > 0);
    }

    private Map<String, Measure> read(List<String> keys) {
        return database.read(connection -> {
            Map<String, Measure> known = new LinkedHashMap<>();
            try (PreparedStatement query = connection.prepareStatement(
                    "SELECT answer_logp, work_logp, rank_surprisal, tokens, fits FROM student_measures WHERE key = ?")) {
                for (String key : keys) {
                    query.setString(1, key);
                    try (ResultSet row = query.executeQuery()) {
                        if (row.next()) {
                            known.put(
                                    key,
                                    new Measure(
                                            row.getDouble(1),
                                            row.getDouble(2),
                                            row.getDouble(3),
                                            row.getInt(4),
                                            row.getBoolean(5)));
                        }
                    }
                }
            }
            return known;
        });
    }

    private void write(Map<String, Measure> fresh) {
        database.write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO student_measures VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING")) {
                for (var entry : fresh.entrySet()) {
                    Measure measure = entry.getValue();
                    insert.setString(1, entry.getKey());
                    insert.setDouble(2, measure.answerLogp());
                    insert.setDouble(3, measure.workLogp());
                    insert.setDouble(4, measure.rankSurprisal());
                    insert.setInt(5, measure.tokens());
                    insert.setBoolean(6, measure.fits());
                    insert.executeUpdate();
                }
                return fresh.size();
            }
        });
    }

    private static Work work(Sample sample) {
        return new Work(sample.problem(), Steps.withoutAnswer(sample.rationale().text()));
    }

    private String key(Work work) {
        Problem problem = work.problem();
        return new Sha256()
                .addPart(student)
                .addPart(problem.text())
                .addPart(problem.answer())
                .addPart(work.text())
                .hex()
                .substring(0, 32);
    }
}
