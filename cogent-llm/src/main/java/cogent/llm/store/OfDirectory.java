package cogent.llm.store;

import java.util.Optional;

/** A shared store together with the run directory that this process holds. */
record OfDirectory(RunDatabase store, RunLock lock) implements RunDatabase {
    @Override
    public <T> T write(SqlWork<T> work) {
        return store.write(work);
    }

    @Override
    public void post(SqlWork<?> work) {
        store.post(work);
    }

    @Override
    public <T> T read(SqlWork<T> work) {
        return store.read(work);
    }

    @Override
    public void define(String... statements) {
        store.define(statements);
    }

    @Override
    public Optional<Peers> peers() {
        return store.peers();
    }

    @Override
    public Optional<String> trouble() {
        return store.trouble();
    }

    @Override
    public void close() {
        try (lock) {
            store.close();
        }
    }
}
