package cogent.studio.run;

import cogent.llm.store.RunLock;
import cogent.pipeline.run.PipelineEvent.StageProgress;
import cogent.pipeline.run.RunDirectory;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.job.Job;
import cogent.studio.job.Jobs;
import java.util.Optional;

/** What goes on in a run, and what can be done about it. */
record JobView(Jobs jobs) {
    SafeHtml of(RunDirectory run, boolean complete) {
        Optional<Job> job = jobs.of(run);
        boolean ours = job.filter(Job::isGoing).isPresent();
        boolean going = ours || RunLock.isHeld(run.root());
        return SafeHtml.of(
                "<p>{}</p>{}{}",
                ours
                        ? SafeHtml.of("<span class=\"going\">● going</span> in this studio")
                        : going
                                ? SafeHtml.of("<span class=\"going\">● going</span> in another process")
                                : SafeHtml.of(complete ? "Every stage is done." : "Nothing is going on in this run."),
                job.flatMap(Job::progress).map(JobView::progress).orElse(SafeHtml.NONE),
                said(job));
    }

    private static SafeHtml progress(StageProgress now) {
        String unit = now.unit().isEmpty() ? "samples" : now.unit();
        String done = "%,d".formatted(now.done());
        return now.total() > 0
                ? SafeHtml.of(
                        "<p class=\"progress\"><label><span>{}: {} of {} {}</span><progress max=\"{}\" value=\"{}\"></progress></label></p>",
                        now.stage(),
                        done,
                        "%,d".formatted(now.total()),
                        unit,
                        now.total(),
                        Math.min(now.done(), now.total()))
                : SafeHtml.of("<p class=\"progress\">{}: {} {}</p>", now.stage(), done, unit);
    }

    private static SafeHtml said(Optional<Job> job) {
        return SafeHtml.when(
                job.filter(j -> !j.said().isEmpty()).isPresent(),
                "<div class=\"warning\">{}</div>",
                job.stream()
                        .flatMap(j -> j.said().stream())
                        .map(text -> SafeHtml.of("<p>{}</p>", text))
                        .toList());
    }

    /** Stop, or continue. */
    SafeHtml buttons(String name, RunDirectory run, boolean complete, String formKey) {
        Optional<Job> ours = jobs.of(run).filter(Job::isGoing);
        if (ours.isPresent()) {
            return ours.get().isStopping()
                    ? SafeHtml.of("<p>Stopping: what is in flight is finished and saved …</p>")
                    : button(name, "stop", "Stop", formKey);
        }
        return complete || RunLock.isHeld(run.root()) ? SafeHtml.NONE : button(name, "continue", "Continue", formKey);
    }

    private static SafeHtml button(String name, String action, String label, String formKey) {
        return SafeHtml.of(
                "<form method=\"post\" action=\"{}\">{}<button class=\"{}\">{}</button></form>",
                Url.of("run", name, action),
                Layout.key(formKey),
                action.equals("continue") ? "main" : "",
                label);
    }
}
