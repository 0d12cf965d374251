package cogent.model.text;

import cogent.data.InputException;
import cogent.jinja.value.TemplateException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A prompt and its completion as token ids: the prompt as the model sees it when it is asked, the completion as the
 * model is to write it from there, up to the token that ends its turn. Training on {@code promptIds + completionIds}
 * with a loss on the latter is what generation then repeats, token for token; docs/decisions/chat-format.md tells why
 * a completion is never rendered as a message of the conversation.
 */
public final class ChatFormat {
    /** Stands for a message's text, to see what a template writes around it. */
    private static final String PROBE = "cogent4probe";

    /** An opening tag at the end of a generation prompt, such as {@code <think>}. */
    private static final Pattern OPENED = Pattern.compile("(<[A-Za-z][\\w-]*>)\\s*\\z");

    /** A thought of nothing at the end of a generation prompt, by which Qwen3.5 and others ask for a reply without thinking. */
    private static final Pattern CLOSED = Pattern.compile("(<([A-Za-z][\\w-]*)>)\\s*</\\2>\\s*\\z");

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Tokenizer tokenizer;
    private final ControlTokens control;
    private final @Nullable ChatTemplate template;
    private final ObjectNode settings;
    private final LocalDateTime now;

    /** What a prompt ends with whatever its text; a completion is encoded behind it, as some tokenizers look back. */
    private final String anchor;

    private final String lead;
    private final @Nullable String opened;

    /** How the template closes the opened tag before a reply without thinking; empty where it opens none. */
    private final String unthought;

    private final @Nullable String closed;
    private final int[] endOfTurn;

    private ChatFormat(Tokenizer tokenizer, @Nullable ChatTemplate template, ObjectNode settings, LocalDateTime now) {
        this.tokenizer = tokenizer;
        this.control = new ControlTokens(tokenizer);
        this.template = template;
        this.settings = settings;
        this.now = now;
        String prompt = template == null ? PROBE : text(conversation("user", PROBE), true);
        if (!prompt.toLowerCase(Locale.ROOT).contains(PROBE)) {
            throw new InputException(
                    "the chat template of " + tokenizer.directory() + " leaves out what a user says as plain"
                            + " text: write it with message.content, or put one that does into chat_template.jinja");
        }
        String tail = prompt.substring(prompt.lastIndexOf(PROBE) + PROBE.length());
        this.anchor = tail.isEmpty() ? "\n" : tail;
        Matcher tag = OPENED.matcher(tail);
        this.opened = tag.find() ? tag.group(1) : null;
        Matcher empty = CLOSED.matcher(tail);
        this.closed = empty.find() ? empty.group(1) : null;
        String whole = template == null ? prompt : withReply();
        int reply = whole.lastIndexOf(PROBE);
        String between =
                whole.startsWith(prompt) && reply >= prompt.length() ? whole.substring(prompt.length(), reply) : "";
        this.lead = between.isBlank() ? between : "";
        this.unthought =
                opened == null ? "" : between.strip().equals(closing(opened)) ? between : closing(opened) + "\n\n";
        this.endOfTurn = endOfTurn(reply < 0 || template == null ? "" : whole.substring(reply + PROBE.length()));
    }

    /**
     * The format of the tokenizer's own directory. A model without a chat template takes the prompt as plain text and
     * ends with its EOS token.
     *
     * @param date that templates may write into a prompt; fixed, so that a run can be repeated
     * @throws InputException when the template cannot render a user's message, or nothing ends a turn
     */
    public static ChatFormat of(Tokenizer tokenizer, LocalDate date) {
        return of(tokenizer, date, Map.of());
    }

    /**
     * As {@link #of(Tokenizer, LocalDate)}, with settings of the template.
     *
     * @param settings its variables, such as {@code enable_thinking}
     */
    public static ChatFormat of(Tokenizer tokenizer, LocalDate date, Map<?, ?> settings) {
        ChatTemplate template = ChatTemplate.load(tokenizer.directory()).orElse(null);
        return new ChatFormat(tokenizer, template, JSON.valueToTree(settings), date.atStartOfDay());
    }

    /** The ids of a prompt: one user's message, and the beginning of the reply. */
    public int[] promptIds(String userText) {
        return promptIds(conversation("user", userText));
    }

    /**
     * The ids of a conversation up to the beginning of the next reply.
     *
     * @param messages as {@code apply_chat_template} takes them: {@code role}, {@code content}, and what else the template
     *     knows
     * @throws InputException when the template refuses it
     */
    public int[] promptIds(List<? extends Map<String, ?>> messages) {
        return promptIds(JSON.<JsonNode>valueToTree(messages));
    }

    private int[] promptIds(JsonNode messages) {
        if (template != null) {
            return control.encode(messages, marked -> text(marked, true));
        }
        return joined(beginOfText(), control.encode(messages, ChatFormat::plain));
    }

    /**
     * The ids of a reply, its end of turn included. Where the prompt has opened a tag already ({@code <think>} of
     * reasoning models), the same tag at the reply's beginning is left out, and a reply without thinking closes it.
     *
     * @throws InputException when a reply to such a prompt never closes the tag, or says something before it opens it
     */
    public int[] completionIds(String text) {
        int tag = opened == null ? -1 : text.indexOf(opened);
        if (opened != null
                && tag > 0
                && tag < text.indexOf(closing(opened))
                && !text.substring(0, tag).isBlank()) {
            throw new InputException("the reply says something before " + opened + ", which the prompt opens already");
        }
        if (opened != null && text.stripLeading().startsWith(opened) && !text.contains(closing(opened))) {
            throw new InputException("the reply is cut off: it never reaches " + closing(opened));
        }
        return joined(openIds(text), endOfTurn);
    }

    private static String closing(String tag) {
        return tag.replace("<", "</");
    }

    /** The ids of a reply that is still to go on: as {@link #completionIds}, without the end of the turn. */
    public int[] openIds(String text) {
        return control.encode(anchor, lead + behindOpening(text));
    }

    private String behindOpening(String reply) {
        if (opened == null) {
            return reply;
        }
        return reply.stripLeading().startsWith(opened)
                ? reply.stripLeading().substring(opened.length()).replaceFirst("\\A\\n+", "")
                : reply.contains(closing(opened)) ? reply : unthought + reply;
    }

    /** The tag with which a reply begins in the prompt already, and what follows it there; else an empty text. */
    public String opening() {
        return opened == null ? "" : anchor.substring(anchor.lastIndexOf(opened));
    }

    /** Whether the reply begins with a thought where the prompt has closed an empty one: it asks for a reply without. */
    public boolean thinksUnasked(String reply) {
        return closed != null && reply.stripLeading().startsWith(closed);
    }

    /** Tokens that steer the model and stand in a text, where they are encoded as the text that they are. */
    public List<String> controlTokens(String text) {
        return control.in(text);
    }

    /** The token that ends a turn. */
    int endOfTurn() {
        return endOfTurn[endOfTurn.length - 1];
    }

    /** The ids that end a generated reply: the model's stop ids and the one that ends a turn. */
    public SortedSet<Integer> stopIds() {
        var ids = new TreeSet<>(tokenizer.stopIds());
        ids.add(endOfTurn());
        return Collections.unmodifiableSortedSet(ids);
    }

    private static String plain(JsonNode messages) {
        var text = new ArrayList<String>();
        messages.forEach(message -> text.add(message.path("content").asString("")));
        return String.join("\n", text);
    }

    private String text(JsonNode messages, boolean addGenerationPrompt) {
        try {
            return template == null ? "" : template.render(messages, null, settings, addGenerationPrompt, now);
        } catch (TemplateException e) {
            throw new InputException(
                    "the chat template of " + tokenizer.directory() + " refuses the conversation: " + e.getMessage(),
                    e);
        }
    }

    private String withReply() {
        ArrayNode messages = conversation("user", PROBE);
        messages.add(message("assistant", PROBE));
        return text(messages, false);
    }

    /** The ids of what a template writes behind a reply, up to its first special token; else the EOS token. */
    private int[] endOfTurn(String suffix) {
        int[] ids = tokenizer.encode(suffix);
        for (int i = 0; i < ids.length; i++) {
            boolean blank = tokenizer.decode(ids[i]).isBlank(); // Gemma's added tokens for runs of line ends
            if ((tokenizer.addedTokens().containsValue(ids[i]) && !blank)
                    || tokenizer.stopIds().contains(ids[i])) {
                return Arrays.copyOf(ids, i + 1);
            }
        }
        int eos = tokenizer
                .specialId("eos_token")
                .orElseGet(() -> tokenizer.stopIds().stream()
                        .findFirst()
                        .orElseThrow(() -> new InputException("nothing ends a reply in " + tokenizer.directory()
                                + ": its chat template writes no special token behind an assistant's message and there"
                                + " is no eos_token. Name one in tokenizer_config.json")));
        return new int[] {eos};
    }

    /** What the tokenizer puts before a text by itself: a BOS, or nothing. */
    public int[] beginOfText() {
        return Arrays.stream(tokenizer.encodeWithSpecialTokens(""))
                .takeWhile(id -> !tokenizer.stopIds().contains(id))
                .toArray();
    }

    private static ArrayNode conversation(String role, String text) {
        return JsonNodeFactory.instance.arrayNode().add(message(role, text));
    }

    private static ObjectNode message(String role, String text) {
        return JsonNodeFactory.instance.objectNode().put("role", role).put("content", text);
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }
}
