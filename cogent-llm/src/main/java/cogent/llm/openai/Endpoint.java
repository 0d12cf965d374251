package cogent.llm.openai;

import cogent.data.InputException;
import cogent.llm.SamplingParams;
import cogent.llm.meter.Price;
import cogent.llm.resilience.Limits;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One model behind one or more OpenAI-compatible base URLs.
 *
 * @param bases such as {@code http://localhost:8000/v1}; several serve the same model and share the work. Azure's may have
 *     its {@code ?api-version=…}, and are then given the key in the header {@code api-key} too
 * @param model as the endpoint names it
 * @param headers further request headers; keys do not belong here
 * @param stream whether replies are asked for piece by piece, as models need that only stream, and long replies behind
 *     proxies that cut silent connections
 */
public record Endpoint(
        List<URI> bases,
        String model,
        ApiKey key,
        SamplingParams sampling,
        Limits limits,
        Price price,
        Map<String, String> headers,
        boolean stream) {
    /** The one query that holds no secret and that a server may want with every call. */
    public static final Pattern API_VERSION = Pattern.compile("\\?api-version=[\\w.-]+$");

    public Endpoint {
        bases = bases.stream().map(Endpoint::checked).distinct().toList();
        headers = Map.copyOf(headers);
        if (bases.isEmpty()) {
            throw new InputException(
                    "model \"" + model + "\" has no base URL. Expected one like http://localhost:8000/v1");
        }
        if (model.isBlank()) {
            throw new InputException(bases.getFirst() + ": no model named");
        }
        for (var header : headers.entrySet()) {
            if (header.getKey().toLowerCase(Locale.ROOT).contains("auth")) {
                throw new InputException("header " + header.getKey()
                        + ": keys are read from the environment or a file, see the endpoint's \"key\"");
            }
            if (!header.getKey().matches("[\\w!#$%&'*+.^`|~-]+")
                    || !header.getValue().matches("[\\x20-\\x7e]*")) {
                throw new InputException("header " + header.getKey() + ": not fit for HTTP (plain ASCII only)");
            }
        }
    }

    /** A server without key, with every default. */
    public static Endpoint at(String base, String model) {
        try {
            return new Endpoint(
                    List.of(new URI(base)),
                    model,
                    ApiKey.NONE,
                    SamplingParams.DEFAULT,
                    Limits.DEFAULT,
                    Price.FREE,
                    Map.of(),
                    false);
        } catch (URISyntaxException e) {
            throw new InputException("\"" + base + "\" is no URL. Expected one like http://localhost:8000/v1", e);
        }
    }

    public Endpoint withKey(ApiKey other) {
        return new Endpoint(bases, model, other, sampling, limits, price, headers, stream);
    }

    public Endpoint withSampling(SamplingParams other) {
        return new Endpoint(bases, model, key, other, limits, price, headers, stream);
    }

    public Endpoint withLimits(Limits other) {
        return new Endpoint(bases, model, key, sampling, other, price, headers, stream);
    }

    public Endpoint withPrice(Price other) {
        return new Endpoint(bases, model, key, sampling, limits, other, headers, stream);
    }

    public Endpoint withBases(List<URI> others) {
        return new Endpoint(others, model, key, sampling, limits, price, headers, stream);
    }

    public Endpoint withStream(boolean value) {
        return new Endpoint(bases, model, key, sampling, limits, price, headers, value);
    }

    /** How messages name it. */
    String name() {
        return bases.getFirst() + (bases.size() == 1 ? "" : " (and " + (bases.size() - 1) + " more)");
    }

    /**
     * What replies depend on, as canonical JSON: model and sampling. Not the base URL: the same model on another host
     * or port would give the same kind of reply, and a run that moves must not pay again.
     */
    public String identity() {
        return identity(sampling);
    }

    /** The same for replies that ended by themselves: no bound on their tokens has shaped them. */
    public String unboundedIdentity() {
        return identity(sampling.unbounded());
    }

    private String identity(SamplingParams sampling) {
        var parts = new TreeMap<String, Object>();
        parts.put("model", model);
        parts.put("sampling", sampling);
        return Wire.CANONICAL.writeValueAsString(parts);
    }

    private static URI checked(URI base) {
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || base.getHost() == null) {
            throw new InputException("a base URL must look like http://localhost:8000/v1 or https://host/v1");
        }
        String query = base.getRawQuery() == null ? "" : "?" + base.getRawQuery();
        if (base.getRawUserInfo() != null
                || !API_VERSION.matcher(query).replaceFirst("").isEmpty()
                || base.getRawFragment() != null) {
            throw new InputException(
                    "the base URL of " + base.getHost()
                            + " carries a user, a query or a fragment. Keys are read from the environment or a file, see \"key\".");
        }
        String path = base.getRawPath().replaceFirst("(/chat/completions)?/*$", "");
        return URI.create(scheme + "://" + base.getRawAuthority() + path + query);
    }
}
