package cogent.studio.start;

import cogent.data.InputException;
import cogent.pipeline.plan.Plan;
import cogent.pipeline.recipe.Recipe;
import cogent.pipeline.recipe.RecipeReader;
import cogent.pipeline.run.RunDirectory;
import cogent.studio.html.Form;
import cogent.studio.html.Layout;
import cogent.studio.html.SafeHtml;
import cogent.studio.html.Url;
import cogent.studio.http.Reply;
import cogent.studio.http.Request;
import cogent.studio.job.Jobs;
import cogent.studio.run.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A recipe to fill in, its plan, and the start of its run. */
public record StartPage(RunFolder folder, Jobs jobs) {
    public Reply answer(Request request) {
        return page(request, SafeHtml.of("<p class=\"none\">Plan shows here what would run, and what it takes.</p>"));
    }

    /** Plans, or begins; what is wrong with the recipe is said above the form, which keeps what was filled in. */
    public Reply submit(Request request) {
        try {
            Recipe recipe = recipe(request);
            if (request.form("do").equals("run")) {
                begin(recipe);
                return Reply.see(Url.of("run", recipe.name()));
            }
            return page(request, PlanView.of(Plan.of(recipe)));
        } catch (InputException e) {
            return page(request, SafeHtml.of("<div class=\"warning\"><p>{}</p></div>", String.valueOf(e.getMessage())));
        }
    }

    /** The run's page is there before its first stage is; what lies there already is its process' own. */
    private void begin(Recipe recipe) {
        RunDirectory run = RunDirectory.of(recipe);
        jobs.start(recipe);
        if (!Files.exists(run.recipe())) {
            run.write(recipe);
        }
    }

    /** The recipe file that is named, if one is, with what is filled in laid over it; it runs in this studio's folder. */
    private Recipe recipe(Request request) {
        List<String> sets = new ArrayList<>(RecipeForm.sets(request));
        sets.add(folder.sets("").getFirst());
        String base = request.form("base").strip();
        if (base.isEmpty() && sets.stream().noneMatch(set -> set.startsWith("name="))) {
            throw new InputException("a run needs a name, or a recipe file that gives it one");
        }
        return base.isEmpty() ? RecipeReader.defaults(sets) : RecipeReader.read(Path.of(base), sets);
    }

    private static Reply page(Request request, SafeHtml beside) {
        return Reply.page(Layout.top(
                "Start",
                SafeHtml.of(
                        """
                        <div class="beside"><form method="post" action="/start#plan" class="recipe" data-slow="Looking at the corpus, the student and this machine …">{}
                        <p>{}</p>
                        <p class="buttons"><button name="do" value="plan">Plan</button> <button name="do" value="run" class="main">Run</button></p>
                        <p class="note">Plan sends nothing and changes nothing. An empty field leaves the recipe file's value, or the default that stands in it.</p>
                        {}</form>
                        <section class="plan" id="plan" aria-label="Plan" aria-live="polite">{}</section></div>""",
                        Layout.key(request.formKey()),
                        Form.input(
                                "text",
                                "base",
                                "recipe file to begin from, such as recipes/quickstart.yaml",
                                request.form("base")),
                        RecipeForm.fields(request),
                        beside)));
    }
}
