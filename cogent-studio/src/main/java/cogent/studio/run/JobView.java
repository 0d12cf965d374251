package cogent.studio.run;

import cogent.llm.store.RunLock;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.RunDirectory;
import cogent.studio.html.Layout;
import cogent.studio.html.Markup;
import cogent.studio.html.Url;
import cogent.studio.job.Job;
import cogent.studio.job.Jobs;
import java.util.Optional;

/** What goes on in a run, and what can be done about it. */
record JobView(Jobs jobs) {
    Markup of(RunDirectory run, boolean complete) {
        Optional<Job> job = jobs.of(run);
        boolean ours = job.filter(Job::isGoing).isPresent();
        boolean going = ours || RunLock.isHeld(run.root());
        return Markup.of(
                "<p>{}</p>{}{}",
                ours
                        ? Markup.of("<span class=\"going\">● going</span> in this studio")
                        : going
                                ? Markup.of("<span class=\"going\">● going</span> in another process")
                                : Markup.of(complete ? "Every stage is done." : "Nothing is going on in this run."),
                job.flatMap(Job::progress).map(JobView::progress).orElse(Markup.NONE),
                said(job));
    }

    private static Markup progress(StageProgress now) {
        String unit = now.unit().isEmpty() ? "samples" : now.unit();
        String done = "%,d".formatted(now.done());
        return now.total() > 0
                ? Markup.of(
                        "<p class=\"progress\"><label><span>{}: {} of {} {}</span><progress max=\"{}\" value=\"{}\"></progress></label></p>",
                        now.stage(),
                        done,
                        "%,d".formatted(now.total()),
                        unit,
                        now.total(),
                        Math.min(now.done(), now.total()))
                : Markup.of("<p class=\"progress\">{}: {} {}</p>", now.stage(), done, unit);
    }

    private static Markup said(Optional<Job> job) {
        return Markup.when(
                job.filter(j -> !j.said().isEmpty()).isPresent(),
                "<div class=\"warning\">{}</div>",
                job.stream()
                        .flatMap(j -> j.said().stream())
                        .map(text -> Markup.of("<p>{}</p>", text))
                        .toList());
    }

    /** Stop, or continue. */
    Markup buttons(String name, RunDirectory run, boolean complete, String formKey) {
        Optional<Job> ours = jobs.of(run).filter(Job::isGoing);
        if (ours.isPresent()) {
            return ours.get().isStopping()
                    ? Markup.of("<p>Stopping: what is in flight is finished and saved …</p>")
                    : button(name, "stop", "Stop", formKey);
        }
        return complete || RunLock.isHeld(run.root()) ? Markup.NONE : button(name, "continue", "Continue", formKey);
    }

    private static Markup button(String name, String action, String label, String formKey) {
        return Markup.of(
                "<form method=\"post\" action=\"{}\">{}<button>{}</button></form>",
                Url.of("run", name, action),
                Layout.key(formKey),
                label);
    }
}
