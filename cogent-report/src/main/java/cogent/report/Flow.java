package cogent.report;

import cogent.data.Difficulty;
import cogent.report.ReportData.Curation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The way of the corpus through the agents: which samples go where. What a run under way leaves open ends in "waiting".
 * {@link FlowPicture} draws it.
 *
 * @param places from the corpus to the outcomes, by column
 * @param links from places to places of a later column, no two between the same
 */
record Flow(List<Place> places, List<Link> links) {
    /** Rounds with a place of their own; later ones join the last. */
    private static final int ROUNDS_SHOWN = 3;

    /**
     * Where samples are counted.
     *
     * @param column from 0, the corpus
     * @param tone the style sheet's colour
     * @param main whether this is the way to the rows, which is drawn first
     */
    record Place(int column, String name, long count, String tone, boolean main) {}

    /** So many samples from one place to another. */
    record Link(Place from, Place to, long count, String tone) {}

    static Flow of(Curation c) {
        List<Long> rounds = shown(c.verifiedAtRound());
        int all = c.verifiedAtRound().keySet().stream().mapToInt(n -> n).max().orElse(0);
        long easy = c.labelled(Difficulty.EASY);
        long medium = c.labelled(Difficulty.MEDIUM);
        long hard = c.labelled(Difficulty.HARD);
        long judged = easy + medium + hard;
        List<Link> links = new ArrayList<>();

        Place corpus = new Place(0, "corpus", Math.max(c.corpus(), judged), "corpus", true);
        Place mediumAt = label(links, corpus, "medium", medium);
        Place easyAt = label(links, corpus, "easy", easy);
        Place hardAt = label(links, corpus, "hard", hard);
        Place noneAt = label(links, corpus, "no label", corpus.count() - judged);
        int last = 2 + rounds.size();
        Place rows = new Place(last, "SFT rows", c.sftRows(), "good", true);
        link(links, mediumAt, rows, Math.min(c.mediumKept(), medium), "medium");

        List<Place> roundsAt = new ArrayList<>();
        long left = easy + hard;
        for (long found : rounds) {
            int k = roundsAt.size() + 1;
            long entered = left;
            Place at = new Place(1 + k, name(k, rounds.size(), all), entered, "round", false);
            if (k == 1) {
                link(links, easyAt, at, easy, "easy");
                link(links, hardAt, at, hard, "hard");
            } else {
                link(links, roundsAt.getLast(), at, entered, "round");
            }
            long verified = Math.min(found, entered);
            link(links, at, rows, verified, "good");
            left = entered - verified;
            roundsAt.add(at);
        }

        // what went no further was refused, as far as reasons are on record, the latest round first; the rest waits
        List<Place> ends = new ArrayList<>(roundsAt.reversed());
        ends.addAll(List.of(mediumAt, easyAt, hardAt, noneAt));
        long refusedLeft = c.refusedTotal();
        Place refused = new Place(last, "refused", c.refusedTotal(), "refused", false);
        List<Link> toWaiting = new ArrayList<>();
        long waitingTotal = ends.stream().mapToLong(p -> rest(links, p)).sum() - refusedLeft;
        Place waiting = new Place(last, "waiting", Math.max(0, waitingTotal), "waiting", false);
        for (Place end : ends) {
            long rest = rest(links, end);
            long gone = Math.min(rest, refusedLeft);
            refusedLeft -= gone;
            link(toWaiting, end, waiting, rest - gone, "waiting");
            link(links, end, refused, gone, "refused");
        }
        links.addAll(toWaiting);

        List<Place> places = new ArrayList<>(List.of(corpus, mediumAt, easyAt, hardAt, noneAt));
        places.addAll(roundsAt);
        places.addAll(List.of(rows, refused, waiting));
        places.removeIf(p -> p.count() == 0 && !p.main());
        return new Flow(List.copyOf(places), List.copyOf(links));
    }

    /** Verified rewrites of the rounds that have a place: every round up to the last that brought one. */
    private static List<Long> shown(Map<Integer, Long> verifiedAtRound) {
        List<Long> out = new ArrayList<>();
        int last = verifiedAtRound.keySet().stream().mapToInt(n -> n).max().orElse(0);
        for (int round = 1; round <= last; round++) {
            long verified = verifiedAtRound.getOrDefault(round, 0L);
            if (out.size() < ROUNDS_SHOWN) {
                out.add(verified);
            } else {
                out.set(ROUNDS_SHOWN - 1, out.getLast() + verified);
            }
        }
        return out;
    }

    private static String name(int round, int shown, int all) {
        return "rethink " + round + (round == shown && all > shown ? "–" + all : "");
    }

    private static Place label(List<Link> links, Place corpus, String name, long count) {
        String tone = name.equals("no label") ? "waiting" : name;
        Place place = new Place(1, name, count, tone, false);
        link(links, corpus, place, count, tone);
        return place;
    }

    private static void link(List<Link> links, Place from, Place to, long count, String tone) {
        if (count > 0) {
            links.add(new Link(from, to, count, tone));
        }
    }

    /** Samples that came to the place and have no link onwards. */
    private static long rest(List<Link> links, Place place) {
        return Math.max(
                0,
                place.count()
                        - links.stream()
                                .filter(l -> l.from().equals(place))
                                .mapToLong(Link::count)
                                .sum());
    }
}
