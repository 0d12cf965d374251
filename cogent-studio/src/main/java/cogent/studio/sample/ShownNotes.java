package cogent.studio.sample;

import cogent.data.InputException;
import cogent.pipeline.notes.Notes;
import cogent.pipeline.run.RunDirectory;
import cogent.studio.html.SafeHtml;
import java.util.Map;

/**
 * The notes as pages show them: where their file is damaged the samples are there all the same, and the page says so. Nothing is
 * written into such a file, and no training begins without what it may leave out.
 *
 * @param trouble what to say of it; nothing where all is well
 */
record ShownNotes(Notes notes, SafeHtml trouble) {
    static ShownNotes of(RunDirectory run) {
        try {
            return new ShownNotes(Notes.of(run), SafeHtml.NONE);
        } catch (InputException e) {
            return new ShownNotes(
                    new Notes(Map.of()),
                    SafeHtml.of(
                            "<p class=\"warning\">No notes are shown or kept, and nothing is trained: {}.</p>",
                            String.valueOf(e.getMessage())));
        }
    }
}
