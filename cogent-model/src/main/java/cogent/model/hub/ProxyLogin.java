package cogent.model.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.Authenticator;
import java.net.Authenticator.RequestorType;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Base64;
import java.util.Optional;

/** What a proxy is told that asks who comes, where this process's {@link Authenticator} knows it; Java's client never asks that one. */
final class ProxyLogin {
    private ProxyLogin() {}

    /** The value of {@code Proxy-Authorization}; empty where the address is reached without a proxy, or with one that nobody has a name for. */
    static Optional<String> of(URI address) {
        return Optional.ofNullable(ProxySelector.getDefault()).stream()
                .flatMap(selector -> selector.select(address).stream())
                .map(Proxy::address)
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast)
                .findFirst()
                .flatMap(proxy -> login(proxy, address))
                .map(login -> login.getUserName() + ":" + new String(login.getPassword()))
                .map(both -> "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8)));
    }

    private static Optional<PasswordAuthentication> login(InetSocketAddress proxy, URI address) {
        try {
            return Optional.ofNullable(Authenticator.requestPasswordAuthentication(
                    proxy.getHostString(),
                    null,
                    proxy.getPort(),
                    address.getScheme(),
                    "",
                    "Basic",
                    address.toURL(),
                    RequestorType.PROXY));
        } catch (MalformedURLException e) {
            return Optional.empty();
        }
    }
}
