package cogent.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that curl, pip and {@code huggingface_hub} are told by: {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code ALL_PROXY},
 * {@code NO_PROXY}, in capitals or not. Java itself knows none of them. This machine is always reached without.
 */
final class EnvironmentProxies extends ProxySelector {
    private static final Pattern ADDRESS =
            Pattern.compile("(?:http://)?(?:([^@/:]*)(?::([^@/]*))?@)?(\\[[^\\]]+]|[^:/@]+)(?::(\\d{1,5}))?/?");
    private static final Pattern THIS_MACHINE = Pattern.compile("localhost|.*\\.localhost|127\\..*|\\[?::1]?");
    private static final List<String> NAMES = List.of("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY");
    private static final String TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";
    private static final int USUAL_PORT = 3128;

    private final Map<String, String> environment;

    EnvironmentProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    /** For this process, unless Java's own properties name a proxy; one that cannot be used is told. */
    static void install(Map<String, String> environment, PrintWriter err) {
        if (System.getProperty("http.proxyHost") != null || System.getProperty("https.proxyHost") != null) {
            return;
        }
        EnvironmentProxies proxies = new EnvironmentProxies(environment);
        for (String name : NAMES) {
            proxies.variable(name)
                    .filter(address -> proxy(address).isEmpty())
                    .ifPresent(_ -> err.println(name + ": not used, an HTTP proxy as http://HOST:PORT is"));
        }
        ProxySelector.setDefault(proxies);
        if (!proxies.logins().isEmpty()) {
            Authenticator.setDefault(new Logins(proxies.logins()));
            if (System.getProperty(TUNNELS) == null) {
                System.setProperty(TUNNELS, ""); // Java tells a proxy before an encrypted site no password by itself
            }
        }
    }

    /** Names and passwords of proxies, and of nothing else. */
    private static final class Logins extends Authenticator {
        private final Map<String, PasswordAuthentication> byProxy;

        Logins(Map<String, PasswordAuthentication> byProxy) {
            this.byProxy = byProxy;
        }

        @Override
        protected @Nullable PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() == RequestorType.PROXY
                    ? byProxy.get(getRequestingHost() + ":" + getRequestingPort())
                    : null;
        }
    }

    private Map<String, PasswordAuthentication> logins() {
        Map<String, PasswordAuthentication> logins = new HashMap<>();
        for (String name : NAMES) {
            variable(name).map(ADDRESS::matcher).filter(Matcher::matches).ifPresent(parts -> {
                if (parts.group(1) != null) {
                    String password = Objects.requireNonNullElse(parts.group(2), "");
                    logins.put(
                            parts.group(3) + ":" + port(parts),
                            new PasswordAuthentication(
                                    plain(parts.group(1)), plain(password).toCharArray()));
                }
            });
        }
        return logins;
    }

    /** With %40 where an @ is meant, and so on; a plus is one. */
    private static String plain(String escaped) {
        try {
            return URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return escaped; // a percent sign that stands for itself
        }
    }

    @Override
    public List<Proxy> select(URI address) {
        String host = Optional.ofNullable(address.getHost()).orElse("").toLowerCase(Locale.ROOT);
        if (host.isEmpty() || THIS_MACHINE.matcher(host).matches() || excepted(host, address.getPort())) {
            return List.of(Proxy.NO_PROXY);
        }
        return variable(String.valueOf(address.getScheme()).toUpperCase(Locale.ROOT) + "_PROXY")
                .or(() -> variable("ALL_PROXY"))
                .flatMap(EnvironmentProxies::proxy)
                .map(List::of)
                .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException e) {
        // whoever connects tells it
    }

    private static Optional<Proxy> proxy(String address) {
        Matcher parts = ADDRESS.matcher(address);
        return parts.matches()
                ? Optional.of(
                        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(parts.group(3), port(parts))))
                : Optional.empty();
    }

    private static int port(Matcher parts) {
        return Optional.ofNullable(parts.group(4))
                .map(Integer::parseInt)
                .filter(port -> port < 1 << 16)
                .orElse(USUAL_PORT);
    }

    /** Hosts of {@code NO_PROXY}, and those below them. */
    private boolean excepted(String host, int port) {
        return variable("NO_PROXY").stream()
                .flatMap(hosts -> Stream.of(hosts.toLowerCase(Locale.ROOT).split(",")))
                .map(one -> one.strip().replaceFirst("^\\*?\\.", ""))
                .anyMatch(one -> one.equals("*")
                        || host.equals(one)
                        || (host + ":" + port).equals(one)
                        || (!one.isEmpty() && host.endsWith("." + one)));
    }

    private Optional<String> variable(String name) {
        return Stream.of(name.toLowerCase(Locale.ROOT), name)
                .map(environment::get)
                .filter(value -> value != null && !value.isBlank())
                .map(String::strip)
                .findFirst();
    }
}
