package cogent.train;

/** Turns a row's text into token ids; the student's tokenizer and chat template stand behind it. */
public interface Encoding {
    /** The ids of the user's message as the model sees it, up to where its reply begins. */
    int[] prompt(String prompt);

    /** The ids of the reply, with the token that ends it. */
    int[] completion(String completion);
}
