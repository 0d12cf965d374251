package cogent.curate.run;

import cogent.curate.LengthBalance;
import cogent.curate.agent.FailedAttempt;
import cogent.curate.student.StudentFigures;
import cogent.data.Difficulty;
import cogent.data.Gap;
import java.util.List;
import java.util.Map;

/**
 * A curation in numbers, for the report. All maps are in a fixed order.
 *
 * @param labels samples by label; unlabelled ones are missing
 * @param kept rows of D_SFT by source, {@code original} and {@code rewrite}
 * @param verifiedAtRound verified rewrites by the round that brought them
 * @param heldOut samples kept back for the evaluation: no part of the curation
 * @param refused samples left out, by stage and reason
 * @param flagged samples that stay and have something against them, by what
 * @param voteAgreement mean share of a sample's votes that went to its label; 1 where one vote is cast
 * @param teacherAndStudent samples by both labels, as {@code hard/medium}; empty where only one of them is asked
 * @param disagreements the first few samples of each pair of labels that differ, by the same name
 * @param studentFigures what the student was measured to make of the rationales, by the teacher's label; by its own
 *     where the teacher was not asked
 * @param replies by agent
 * @param agreement of the judge with {@code rule}, {@code second judge} and {@code blind} on rewrites
 * @param distractions wrong rationales asked for, by what became of them: {@code accepted} or the reason
 * @param pairs preference pairs by gap, with the balance of their lengths
 * @param rejectedFrom preference pairs by where the rejected side comes from
 */
public record CurationSummary(
        long samples,
        Map<Difficulty, Long> labels,
        Map<String, Long> kept,
        Map<Integer, Long> verifiedAtRound,
        long heldOut,
        Map<String, Long> refused,
        Map<String, Long> flagged,
        double voteAgreement,
        Map<String, Long> teacherAndStudent,
        Map<String, List<String>> disagreements,
        Map<Difficulty, StudentFigures> studentFigures,
        Map<String, Replies> replies,
        Map<String, Agreement> agreement,
        Map<String, Long> distractions,
        Map<Gap, LengthBalance> pairs,
        Map<String, Long> rejectedFrom) {
    public CurationSummary {
        flagged = flagged == null ? Map.of() : flagged; // a manifest of before there was any
    }

    /**
     * The replies of one agent.
     *
     * @param used could be read and used
     * @param missed could not, by kind
     * @param reasons why they could not, in words
     */
    public record Replies(long used, Map<FailedAttempt.Kind, Long> missed, Map<String, Long> reasons) {
        public Replies {
            reasons = reasons == null ? Map.of() : reasons; // a manifest of before they were counted
        }

        /** Calls that were paid for and brought nothing. */
        public long wasted() {
            return missed.entrySet().stream()
                    .filter(e -> e.getKey() != FailedAttempt.Kind.REQUEST && e.getKey() != FailedAttempt.Kind.TOO_LONG)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }

        /** Share of the replies that were not in the form asked for. */
        public double parseFailureRate() {
            long unreadable = missed.getOrDefault(FailedAttempt.Kind.UNREADABLE, 0L);
            long readable = used + missed.getOrDefault(FailedAttempt.Kind.UNFIT, 0L);
            return readable + unreadable == 0 ? 0 : (double) unreadable / (readable + unreadable);
        }
    }

    /** Two checks on the same rewrites, where both decided; the judge is the first. */
    public record Agreement(long bothPassed, long bothFailed, long onlyFirstPassed, long onlySecondPassed) {
        /** Share of verdicts on which the two agree; 1 when there are none. */
        public double share() {
            long all = bothPassed + bothFailed + onlyFirstPassed + onlySecondPassed;
            return all == 0 ? 1 : (double) (bothPassed + bothFailed) / all;
        }
    }
}
