package cogent.pipeline.study;

import cogent.pipeline.StagedRun.Done;
import cogent.pipeline.run.StopRequest;
import cogent.pipeline.run.StoppedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs the cells of a study, a few at a time. Before a stage is run its key is looked up: what another cell has made of
 * the same settings and inputs is taken over, and what another is making is waited for. A cell that fails is left; the
 * others go on.
 */
public final class Grid {
    private final List<CellState> states;
    private final StopRequest stop;
    private final StudyListener listener;
    private final Map<String, StudyRun> made = new HashMap<>();
    private final Set<String> inTheMaking = new HashSet<>();
    private final Map<String, IncompleteRun> endings = new HashMap<>();

    /** How far a cell is. */
    private static final class CellState {
        final StudyRun cell;
        final List<String> stages;
        int next;
        boolean busy;

        @Nullable
        String key;

        @Nullable
        IncompleteRun ending;

        CellState(StudyRun cell) {
            this.cell = cell;
            this.stages = cell.run().stages();
        }
    }

    /** A stage that nobody else makes. */
    private record Task(CellState state, String stage, String key) {}

    public Grid(List<StudyRun> cells, StopRequest stop, StudyListener listener) {
        this.states = cells.stream().map(CellState::new).toList();
        this.stop = stop;
        this.listener = listener;
    }

    /**
     * Runs what is not done yet.
     *
     * @param jobs cells at work at the same time
     * @return why cells went no further; empty when all are done, or the study was interrupted
     */
    public Map<StudyRun, IncompleteRun> run(int jobs) throws InterruptedException {
        stop.whenAsked(this::wake);
        List<Thread> workers = new ArrayList<>();
        for (int i = 1; i <= jobs; i++) {
            workers.add(Thread.ofPlatform().name("study-" + i).start(this::work));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        Map<StudyRun, IncompleteRun> ended = new LinkedHashMap<>();
        for (CellState state : states) {
            if (state.ending != null) {
                ended.put(state.cell, state.ending);
            }
        }
        return ended;
    }

    private synchronized void wake() {
        notifyAll();
    }

    private void work() {
        for (Task task = take(); task != null; task = take()) {
            StudyRun cell = task.state().cell;
            try {
                listener.started(cell, task.stage());
                finished(task, cell.run().perform(task.stage(), listener.of(cell), stop));
            } catch (StoppedException e) {
                released(task);
            } catch (RuntimeException | Error e) {
                ended(task, IncompleteRun.of(task.stage(), e));
            }
        }
    }

    /** The next stage to run; waits where all depend on what others are making; null when there is nothing left. */
    private synchronized @Nullable Task take() {
        while (!stop.asked()) {
            boolean waiting = false;
            for (CellState state : states) {
                if (state.busy) {
                    waiting = true;
                } else if (state.ending == null) {
                    Optional<Task> task = next(state);
                    if (task.isPresent()) {
                        return task.get();
                    }
                    waiting |= state.ending == null && state.next < state.stages.size();
                }
            }
            if (!waiting) {
                return null;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }
        return null;
    }

    /** Takes over all that is there; gives the stage that has to be run, if it can be now. */
    private Optional<Task> next(CellState at) {
        try {
            while (at.next < at.stages.size()) {
                String stage = at.stages.get(at.next);
                if (at.key == null) {
                    Optional<Done> before = at.cell.run().done(stage);
                    if (before.isPresent()) {
                        advance(at, stage, before.get());
                        continue;
                    }
                    at.key = at.cell.run().key(stage);
                }
                String key = at.key;
                StudyRun twin = made.get(key);
                IncompleteRun without = endings.get(key);
                if (twin != null) {
                    advance(at, stage, at.cell.run().takeOver(stage, twin.run()));
                } else if (inTheMaking.contains(key)) {
                    return Optional.empty();
                } else if (without != null) {
                    end(at, without);
                    return Optional.empty();
                } else {
                    inTheMaking.add(key);
                    at.busy = true;
                    return Optional.of(new Task(at, stage, key));
                }
            }
        } catch (RuntimeException e) {
            end(at, IncompleteRun.of(at.stages.get(at.next), e));
        }
        return Optional.empty();
    }

    private void advance(CellState at, String stage, Done done) {
        made.putIfAbsent(done.key(), at.cell);
        at.next++;
        at.key = null;
        listener.finished(at.cell, stage, done);
    }

    private synchronized void finished(Task task, Done done) {
        release(task);
        advance(task.state(), task.stage(), done);
        notifyAll();
    }

    /** Stopped on request: whoever continues the study makes it. */
    private synchronized void released(Task task) {
        release(task);
        notifyAll();
    }

    private void release(Task task) {
        task.state().busy = false;
        inTheMaking.remove(task.key());
    }

    private synchronized void ended(Task task, IncompleteRun ending) {
        release(task);
        endings.put(task.key(), ending);
        end(task.state(), ending);
        notifyAll();
    }

    private void end(CellState at, IncompleteRun ending) {
        at.ending = ending;
        listener.ended(at.cell, ending);
    }
}
