package cogent.curate.run;

import cogent.curate.Curated;
import cogent.curate.LengthBalance;
import cogent.curate.Round;
import cogent.curate.SampleOutcome;
import cogent.curate.agent.AgentResult;
import cogent.curate.agent.Critique;
import cogent.curate.agent.Distraction;
import cogent.curate.agent.FailedAttempt;
import cogent.curate.agent.Verification;
import cogent.curate.agent.Verification.Check;
import cogent.curate.agent.Verification.Finding;
import cogent.curate.agent.Verification.Result;
import cogent.curate.student.StudentFigures;
import cogent.data.Difficulty;
import cogent.data.Gap;
import cogent.data.PreferencePair;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Counts curated samples, one by one, in constant memory. */
public final class CurationTally {
    /** Samples named of each way to disagree. */
    private static final int NAMED = 3;

    private long samples;
    private long heldOut;
    private double voteAgreement;
    private long voted;
    private final Map<Check, long[]> agreements = new EnumMap<>(Check.class);
    private final Map<Difficulty, Long> labels = new EnumMap<>(Difficulty.class);
    private final Map<String, Long> kept = new TreeMap<>();
    private final Map<Integer, Long> verifiedAtRound = new TreeMap<>();
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> flagged = new TreeMap<>();
    private final Map<String, Long> teacherAndStudent = new TreeMap<>();
    private final Map<String, List<String>> disagreements = new TreeMap<>();
    private final Map<Difficulty, StudentFigures.Sum> figures = new EnumMap<>(Difficulty.class);
    private final Map<String, Long> used = new TreeMap<>();
    private final Map<String, Map<FailedAttempt.Kind, Long>> missed = new TreeMap<>();
    private final Map<String, Map<String, Long>> reasons = new TreeMap<>();
    private final Map<String, Long> distractions = new TreeMap<>();
    private final Map<Gap, LengthBalance.Sum> lengths = new EnumMap<>(Gap.class);
    private final Map<String, Long> rejectedFrom = new TreeMap<>();

    public CurationTally() {
        for (Gap gap : Gap.values()) {
            lengths.put(gap, new LengthBalance.Sum());
        }
    }

    public void add(Curated curated, List<PreferencePair> pairs) {
        samples++;
        critique(curated.sample().id(), curated.critique());
        findings(curated.originalCheck());
        curated.rounds().forEach(this::round);
        curated.distractions().forEach(this::distraction);
        switch (curated.outcome()) {
            case SampleOutcome.Kept row -> count(kept, row.source());
            case SampleOutcome.Refused why -> refuse(why);
        }
        for (PreferencePair pair : pairs) {
            Optional.ofNullable(pair.gap()).map(lengths::get).ifPresent(sum -> sum.add(pair));
            count(rejectedFrom, pair.rejectedFrom());
        }
    }

    /** A sample that was left out without a story: a corpus row, or one that no endpoint answered. */
    void refuse(SampleOutcome.Refused why) {
        count(refused, why.stage().key() + ": " + why.reason());
    }

    /** A sample that is kept back. */
    void holdOut() {
        heldOut++;
    }

    /** A sample that stays all the same. */
    void flag(SampleOutcome.Refused what) {
        count(flagged, what.reason());
    }

    private void critique(String id, Critique critique) {
        if (critique.label() != null) {
            count(labels, critique.label());
        }
        Difficulty teacher = critique.teacher();
        if (teacher != null) {
            voteAgreement += critique.agreement();
            voted++;
        }
        Critique.StudentView student = critique.student();
        if (student != null) {
            Difficulty row = teacher == null ? student.label() : teacher;
            figures.computeIfAbsent(row, _ -> new StudentFigures.Sum()).add(student.measure());
            if (teacher != null) {
                compare(id, teacher, student.label());
            }
        }
        critique.votes().forEach(vote -> replies("critic", vote.value() != null, vote.failedAttempts()));
    }

    private void compare(String id, Difficulty teacher, Difficulty student) {
        String both = word(teacher) + "/" + word(student);
        count(teacherAndStudent, both);
        if (teacher != student) {
            List<String> named = disagreements.computeIfAbsent(both, _ -> new ArrayList<>());
            if (named.size() < NAMED) {
                named.add(id);
            }
        }
    }

    private void round(Round round) {
        replies("rethinker", round.rewrite().value() != null, round.rewrite().failedAttempts());
        if (round.verification() != null) {
            findings(round.verification());
            for (Check other : List.of(Check.RULE, Check.SECOND_JUDGE, Check.BLIND)) {
                compare(round.verification(), other);
            }
        }
        if (round.verified()) {
            count(verifiedAtRound, round.number());
        }
    }

    private void findings(Verification verification) {
        for (Finding finding : verification.findings()) {
            boolean readable = finding.result() != Result.UNREADABLE;
            switch (finding.check()) {
                case JUDGE -> replies("verifier", readable, finding.failedAttempts());
                case SECOND_JUDGE -> replies("second judge", readable, finding.failedAttempts());
                case BLIND -> replies("blind", readable, finding.failedAttempts());
                case CRITIC -> replies("critic", readable, finding.failedAttempts());
                case RULE -> {}
            }
        }
    }

    /** Counts how the judge and another check agree: both passed, both failed, only the judge, only the other. */
    private void compare(Verification verification, Check check) {
        Optional<Result> judge = verification.result(Check.JUDGE).filter(CurationTally::decided);
        Optional<Result> other = verification.result(check).filter(CurationTally::decided);
        if (judge.isPresent() && other.isPresent()) {
            boolean judged = judge.get() == Result.PASSED;
            boolean same = judge.equals(other);
            agreements.computeIfAbsent(check, _ -> new long[4])[(same ? 0 : 2) + (judged ? 0 : 1)]++;
        }
    }

    private static boolean decided(Result result) {
        return result == Result.PASSED || result == Result.FAILED;
    }

    private void distraction(Distraction distraction) {
        AgentResult<?> reply = distraction.reply();
        replies("distractor", reply.value() != null, reply.failedAttempts());
        count(distractions, reply.value() != null ? "accepted" : FailedAttempt.withoutDetail(reply.failure()));
    }

    private void replies(String agent, boolean answered, List<FailedAttempt> failedAttempts) {
        used.merge(agent, answered ? 1L : 0L, Long::sum);
        Map<FailedAttempt.Kind, Long> kinds =
                missed.computeIfAbsent(agent, _ -> new EnumMap<>(FailedAttempt.Kind.class));
        Map<String, Long> why = reasons.computeIfAbsent(agent, _ -> new TreeMap<>());
        for (FailedAttempt attempt : failedAttempts) {
            count(kinds, attempt.kind());
            count(why, FailedAttempt.withoutDetail(attempt.reason()));
        }
    }

    private static String word(Difficulty label) {
        return label.name().toLowerCase(Locale.ROOT);
    }

    private static <K> void count(Map<K, Long> counts, K key) {
        counts.merge(key, 1L, Long::sum);
    }

    public CurationSummary summary() {
        Map<String, CurationSummary.Replies> replies = new TreeMap<>();
        used.forEach((agent, count) -> replies.put(
                agent,
                new CurationSummary.Replies(
                        count, missed.getOrDefault(agent, Map.of()), reasons.getOrDefault(agent, Map.of()))));
        Map<String, CurationSummary.Agreement> agreement = new TreeMap<>();
        agreements.forEach((check, count) -> agreement.put(
                check.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                new CurationSummary.Agreement(count[0], count[1], count[2], count[3])));
        Map<Gap, LengthBalance> pairs = new EnumMap<>(Gap.class);
        lengths.forEach((gap, sum) -> pairs.put(gap, sum.balance()));
        Map<Difficulty, StudentFigures> means = new EnumMap<>(Difficulty.class);
        figures.forEach((label, sum) -> means.put(label, sum.means()));
        return new CurationSummary(
                samples,
                labels,
                kept,
                verifiedAtRound,
                heldOut,
                refused,
                flagged,
                voted == 0 ? 1 : voteAgreement / voted,
                teacherAndStudent,
                disagreements,
                means,
                replies,
                agreement,
                distractions,
                pairs,
                rejectedFrom);
    }
}
