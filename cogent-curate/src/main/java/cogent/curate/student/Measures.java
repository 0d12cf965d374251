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
import java.util.stream.Stream;

/**
 * What the student makes of rationales, kept in the table {@code student_measures} of {@code run.db}: nothing is measured twice.
 * The corpus is measured ahead in parts of fixed size and in its own order, and a part is kept as a whole: so an
 * interrupted and continued run has the very figures of one that was not.
 */
public final class Measures {
    /** Rationales that go to the student together. */
    static final int PART = 64;

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
        return all(List.of(work(sample))).getFirst();
    }

    /**
     * Measures a corpus.
     *
     * @param stop asked between two parts
     * @param progress told how many are done
     * @return the measures in order; empty when it was stopped
     */
    public Optional<List<Measure>> ahead(Stream<Sample> corpus, BooleanSupplier stop, LongConsumer progress) {
        List<Measure> measures = new ArrayList<>();
        List<Work> part = new ArrayList<>();
        for (Iterator<Sample> samples = corpus.iterator(); samples.hasNext(); ) {
            part.add(work(samples.next()));
            if (part.size() == PART || !samples.hasNext()) {
                if (stop.getAsBoolean()) {
                    return Optional.empty();
                }
                measures.addAll(all(part));
                part.clear();
                progress.accept(measures.size());
            }
        }
        return Optional.of(measures);
    }

    private List<Measure> all(List<Work> works) {
        List<String> keys = works.stream().map(this::key).toList();
        Map<String, Measure> known = read(keys);
        Map<String, Work> missing = new LinkedHashMap<>();
        for (int i = 0; i < works.size(); i++) {
            if (!known.containsKey(keys.get(i))) {
                missing.put(keys.get(i), works.get(i));
            }
        }
        if (!missing.isEmpty()) {
            List<Measure> measured = probe.measure(List.copyOf(missing.values()));
            Map<String, Measure> fresh = new LinkedHashMap<>();
            missing.keySet().forEach(key -> fresh.put(key, measured.get(fresh.size())));
            write(fresh);
            known.putAll(fresh);
        }
        return keys.stream().map(known::get).toList();
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
