package cogent.pipeline.curate;

import cogent.curate.Curated;
import cogent.curate.Curation;
import cogent.curate.SampleOutcome;
import cogent.curate.agent.Author;
import cogent.curate.agent.CallCosts;
import cogent.curate.clean.SampleFilter;
import cogent.data.Count;
import cogent.data.Draft;
import cogent.data.Rationale;
import cogent.data.Sample;
import cogent.eval.Interval;
import cogent.llm.ChatException;
import cogent.llm.ChatReply.Usage;
import cogent.llm.meter.Meter;
import cogent.llm.meter.Price;
import cogent.llm.meter.UsageTotals;
import cogent.pipeline.recipe.CurateConfig;
import cogent.pipeline.recipe.EndpointConfig;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.Elapsed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a curation would take, told from a few rows that go through it for real. */
final class TrialCuration {
    /** Characters of a rationale that is still to be written: the scale by which rows are weighed, no forecast. */
    private static final int UNWRITTEN = 1500;

    /** What a row costs whatever its length, in characters. */
    private static final double FIXED = 200;

    private final Recipe recipe;
    private final List<RatioEstimate.Row> tried = Collections.synchronizedList(new ArrayList<>());
    private final List<ChatException> unanswered = Collections.synchronizedList(new ArrayList<>());
    private final List<SampleOutcome.Refused> refused = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Price> prices = new HashMap<>();
    private long rows;
    private long missing;
    private double characters;

    TrialCuration(Recipe recipe) {
        this.recipe = recipe;
    }

    /**
     * Curates rows evenly spread over the corpus.
     *
     * @param corpus opened twice: to count, and to pick
     * @param author writes the rationales of rows that lack them; null where there are none
     * @throws ChatException when an endpoint fails in a way that is not about one row alone
     */
    void go(Supplier<Stream<Draft>> corpus, int wanted, @Nullable Author author, Curation curation, Runnable progress) {
        try (Stream<Draft> drafts = let(corpus.get())) {
            drafts.forEach(draft -> {
                rows++;
                missing += draft.rationale() == null ? 1 : 0;
                characters += length(draft);
            });
        }
        long picked = Math.min(wanted, rows);
        List<RuntimeException> fatal = Collections.synchronizedList(new ArrayList<>());
        var window = new Semaphore(recipe.curate().inFlight());
        try (Stream<Draft> drafts = let(corpus.get());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long[] at = {0, 0};
            drafts.forEach(draft -> {
                boolean next = at[1] < picked && at[0]++ == (2 * at[1] + 1) * rows / (2 * picked);
                if (!next || !fatal.isEmpty()) {
                    return;
                }
                at[1]++;
                window.acquireUninterruptibly();
                threads.execute(() -> {
                    try {
                        CallCosts bill = CallCosts.empty();
                        CallCosts.on(bill, () -> written(draft, author).map(curation::curate))
                                .ifPresent(this::note);
                        tried.add(new RatioEstimate.Row(length(draft), bill));
                        progress.run();
                    } catch (ChatException e) {
                        if (e.kind() == ChatException.Kind.FATAL) {
                            fatal.add(e);
                        } else {
                            unanswered.add(e);
                        }
                    } catch (RuntimeException e) {
                        fatal.add(e);
                    } finally {
                        window.release();
                    }
                });
            });
        }
        if (!fatal.isEmpty()) {
            throw fatal.getFirst();
        }
        if (tried.isEmpty() && !unanswered.isEmpty()) {
            throw unanswered.getFirst();
        }
        if (!tried.isEmpty()
                && tried.stream().allMatch(row -> row.bill().calls().isEmpty())
                && !refused.isEmpty()) {
            throw new ChatException(
                    ChatException.Kind.REQUEST,
                    "no row came through, so there is nothing to tell from: "
                            + refused.getFirst().detail());
        }
    }

    private void note(Curated curated) {
        if (curated.outcome() instanceof SampleOutcome.Refused why) {
            refused.add(why);
        }
    }

    /** What is held out or cleaned away is asked of nobody. */
    private Stream<Draft> let(Stream<Draft> drafts) {
        List<SampleFilter> filters = Cleaning.filters(recipe);
        return drafts.filter(draft -> {
            Rationale rationale = draft.rationale();
            return rationale == null
                    ? filters.stream()
                            .allMatch(filter -> filter.refuse(draft.problem()).isEmpty())
                    : Cleaning.lets(new Sample(draft.problem(), rationale), filters);
        });
    }

    int done() {
        return tried.size();
    }

    /** Empty where no rationale could be written: such a row costs no more. */
    private static Optional<Sample> written(Draft draft, @Nullable Author author) {
        Optional<Rationale> rationale = author == null || draft.rationale() != null
                ? Optional.ofNullable(draft.rationale())
                : author.write(draft.problem()).found();
        return rationale.map(r -> new Sample(draft.problem(), r));
    }

    private static double length(Draft draft) {
        Rationale rationale = draft.rationale();
        return FIXED
                + draft.problem().text().length()
                + (rationale == null ? UNWRITTEN : rationale.text().length());
    }

    /**
     * What there is to say.
     *
     * @param before what had been spent before these rows
     * @param meanSeconds how long a call takes
     */
    String said(Meter.Snapshot before, Meter.Snapshot after, double meanSeconds) {
        StringBuilder text = new StringBuilder("Estimate for %s%s, from %,d of them%s:%n"
                .formatted(
                        Count.of(rows, "rationale"),
                        missing == 0 ? "" : ", %,d of them still to be written".formatted(missing),
                        tried.size(),
                        unanswered.isEmpty()
                                ? ""
                                : " (%,d more got no answer: %s)"
                                        .formatted(
                                                unanswered.size(),
                                                unanswered.getFirst().getMessage())));
        text.append(" %-12s %12s %14s %14s %14s %12s%n"
                .formatted("agent", "calls", "tokens in", "tokens out", "of it thinking", "cost"));
        var agents = new TreeSet<String>();
        tried.forEach(t -> agents.addAll(t.bill().calls().keySet()));
        for (String agent : agents) {
            text.append(line(agent, List.of(agent)));
        }
        List<String> all = List.copyOf(agents);
        text.append(line("all", all));
        if (!refused.isEmpty()) {
            text.append(" refused      %,d of them, the first: %s, %s%n"
                    .formatted(
                            refused.size(),
                            refused.getFirst().reason(),
                            refused.getFirst().detail().replace('\n', ' ')));
        }
        boolean priced = whole(b -> cost(b, all)) > 0;
        Interval cost = estimate().interval(b -> cost(b, all));
        Interval tokens = estimate().interval(b -> tokens(b, all));
        text.append(" 95 %% interval: %s tokens%s%n"
                .formatted(span(tokens, "%,.0f"), priced ? ", cost " + span(cost, "%.4f") : ""));
        text.append(time(meanSeconds, all)).append(budget(cost, all));
        UsageTotals spent = after.total();
        long calls = spent.calls() - before.total().calls();
        text.append(" spent now    %s, %s%s; their replies are stored and not paid for again%n"
                .formatted(
                        Count.of(calls, "paid call"),
                        Count.of(spent.tokens() - before.total().tokens(), "token"),
                        priced
                                ? String.format(
                                        Locale.ROOT,
                                        ", cost %.4f",
                                        spent.cost() - before.total().cost())
                                : ""));
        return text.toString();
    }

    private String line(String name, List<String> agents) {
        return " %-12s %,12.0f %,14.0f %,14.0f %,14.0f %12s%n"
                .formatted(
                        name,
                        calls(agents),
                        whole(b -> sum(b, agents, a -> used(b, a).promptTokens())),
                        whole(b -> sum(b, agents, a -> used(b, a).completionTokens())),
                        whole(b -> sum(b, agents, a -> used(b, a).reasoningTokens())),
                        String.format(Locale.ROOT, "%.4f", whole(b -> cost(b, agents))));
    }

    private String time(double meanSeconds, List<String> agents) {
        EndpointConfig teacher = recipe.teacher();
        double calls = calls(agents);
        double tokens = whole(b -> tokens(b, agents));
        int together = Math.min(teacher.concurrency(), recipe.curate().inFlight());
        double seconds = calls * meanSeconds / together;
        String bound = "%s in flight of %.1f s each".formatted(Count.of(together, "call"), meanSeconds);
        if (teacher.requestsPerMinute() > 0 && 60 * calls / teacher.requestsPerMinute() > seconds) {
            seconds = 60 * calls / teacher.requestsPerMinute();
            bound = Count.of(teacher.requestsPerMinute(), "request") + " a minute";
        }
        if (teacher.tokensPerMinute() > 0 && 60 * tokens / teacher.tokensPerMinute() > seconds) {
            seconds = 60 * tokens / teacher.tokensPerMinute();
            bound = Count.of(teacher.tokensPerMinute(), "token") + " a minute";
        }
        return " time         about %s at %s, if the endpoint stays as fast as for these rows%n"
                .formatted(Elapsed.text(Duration.ofMillis(Math.round(1000 * seconds))), bound);
    }

    private String budget(Interval cost, List<String> agents) {
        EndpointConfig teacher = recipe.teacher();
        List<String> tight = new ArrayList<>();
        if (teacher.budgetCost() > 0 && cost.high() > teacher.budgetCost()) {
            tight.add(String.format(Locale.ROOT, "cost %.2f", teacher.budgetCost()));
        }
        if (teacher.budgetCalls() > 0 && calls(agents) > teacher.budgetCalls()) {
            tight.add(Count.of(teacher.budgetCalls(), "call"));
        }
        if (teacher.budgetTokens() > 0 && whole(b -> tokens(b, agents)) > teacher.budgetTokens()) {
            tight.add(Count.of(teacher.budgetTokens(), "token"));
        }
        boolean none = teacher.budgetCost() == 0 && teacher.budgetCalls() == 0 && teacher.budgetTokens() == 0;
        return none
                ? ""
                : " budget       "
                        + (tight.isEmpty()
                                ? "fits"
                                : "may not do: " + String.join(", ", tight)
                                        + " (the run would stop there and keep what is answered)")
                        + "%n".formatted();
    }

    private RatioEstimate estimate() {
        return new RatioEstimate(tried, rows, characters, recipe.seed());
    }

    private double calls(List<String> agents) {
        return estimate().calls(b -> sum(b, agents, a -> b.calls().getOrDefault(a, 0)));
    }

    private double whole(ToDoubleFunction<CallCosts> of) {
        return estimate().whole(of);
    }

    private static String span(Interval interval, String format) {
        return String.format(Locale.ROOT, format + " to " + format, interval.low(), interval.high());
    }

    private double cost(CallCosts bill, List<String> agents) {
        return sum(
                bill,
                agents,
                a -> prices.computeIfAbsent(a, this::price)
                        .of(used(bill, a).promptTokens(), used(bill, a).completionTokens()));
    }

    private static double tokens(CallCosts bill, List<String> agents) {
        return sum(
                bill, agents, a -> used(bill, a).promptTokens() + used(bill, a).completionTokens());
    }

    private static double sum(CallCosts bill, List<String> agents, ToDoubleFunction<String> of) {
        return agents.stream().filter(bill.calls()::containsKey).mapToDouble(of).sum();
    }

    private static Usage used(CallCosts bill, String agent) {
        return bill.usage().getOrDefault(agent, Usage.NONE);
    }

    private Price price(String agent) {
        CurateConfig curate = recipe.curate();
        Map<String, JsonNode> own = switch (agent) {
            case "author" -> curate.author().endpoint();
            case "critic" -> curate.critic().agent().endpoint();
            case "rethinker" -> curate.rethinker().agent().endpoint();
            case "second judge" -> curate.verifier().secondJudge();
            case "blind" -> curate.verifier().blind().agent().endpoint();
            case "distractor" -> curate.distractor().agent().endpoint();
            default -> curate.verifier().agent().endpoint();
        };
        EndpointConfig endpoint = RecipeReader.endpoint(recipe.teacher(), own);
        return new Price(endpoint.priceIn(), endpoint.priceOut());
    }
}
