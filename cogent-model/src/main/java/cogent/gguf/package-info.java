/** Models as llama.cpp and Ollama read them: one GGUF file with weights, shape and tokenizer. */
@NullMarked
package cogent.gguf;

import org.jspecify.annotations.NullMarked;
