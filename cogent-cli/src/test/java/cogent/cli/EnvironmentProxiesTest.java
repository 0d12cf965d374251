package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
    private static Proxy proxy(Map<String, String> environment, String address) {
        return new EnvironmentProxies(environment).select(URI.create(address)).getFirst();
    }

    private static Proxy at(String host, int port) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }

    @Test
    void the_variable_of_the_scheme_is_taken_in_capitals_or_not() {
        Map<String, String> both = Map.of("https_proxy", "http://user:secret@one:8080/", "HTTP_PROXY", "two:81");

        assertThat(proxy(both, "https://huggingface.co/api")).isEqualTo(at("one", 8080));
        assertThat(proxy(both, "http://gpu:8000/v1")).isEqualTo(at("two", 81));
        assertThat(proxy(Map.of("ALL_PROXY", "http://all"), "https://huggingface.co"))
                .isEqualTo(at("all", 3128));
        assertThat(proxy(Map.of(), "https://huggingface.co")).isEqualTo(Proxy.NO_PROXY);
    }

    @Test
    void excepted_hosts_and_this_machine_are_reached_without() {
        Map<String, String> some = Map.of("HTTP_PROXY", "p:1", "NO_PROXY", "corp.example, .lan,10.0.0.7:8000");

        for (String direct : new String[] {
            "http://corp.example/",
            "http://a.corp.example/",
            "http://x.lan/",
            "http://10.0.0.7:8000/",
            "http://LOCALHOST:1/",
            "http://127.0.0.1:1/",
            "http://[::1]:1/"
        }) {
            assertThat(proxy(some, direct)).as(direct).isEqualTo(Proxy.NO_PROXY);
        }
        assertThat(proxy(some, "http://notcorp.example/")).isEqualTo(at("p", 1));
        assertThat(proxy(some, "http://10.0.0.7:9000/")).isEqualTo(at("p", 1));
        assertThat(proxy(Map.of("HTTP_PROXY", "p:1", "NO_PROXY", "*"), "http://x/"))
                .isEqualTo(Proxy.NO_PROXY);
    }

    @Test
    void a_proxy_that_cannot_be_used_is_told_without_its_password() {
        ProxySelector before = ProxySelector.getDefault();
        StringWriter told = new StringWriter();
        try {
            EnvironmentProxies.install(Map.of("ALL_PROXY", "socks5://me:secret@h:1080"), new PrintWriter(told, true));
        } finally {
            ProxySelector.setDefault(before);
        }

        assertThat(told.toString()).contains("ALL_PROXY: not used").doesNotContain("secret");
    }
}
