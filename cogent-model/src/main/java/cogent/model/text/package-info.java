/**
 * Text to token ids and back: tokenizer, chat template, prompts and completions. Uses {@code hf} and {@code cogent.jinja}.
 */
@NullMarked
package cogent.model.text;

import org.jspecify.annotations.NullMarked;
