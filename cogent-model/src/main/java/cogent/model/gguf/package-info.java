/**
 * Models as llama.cpp and Ollama read them: one GGUF file with weights, shape and tokenizer. Uses {@code decoder} and {@code text}.
 */
@NullMarked
package cogent.model.gguf;

import org.jspecify.annotations.NullMarked;
