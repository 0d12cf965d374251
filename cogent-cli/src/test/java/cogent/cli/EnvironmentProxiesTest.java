package cogent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentProxiesTest {
    @TempDir
    private Path folder;

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

    /** In a process of its own, as Java reads once which proxies may be told a password. */
    @Test
    void a_proxy_is_told_the_name_and_password_of_its_address_and_nobody_else() throws Exception {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(proxy, heard));
            for (String hub : new String[] {"https://hub.invalid", "http://hub.invalid"}) {
                ProcessBuilder child = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "cogent.cli.Main",
                        "pull",
                        "org/model");
                child.environment().put("HF_ENDPOINT", hub);
                child.environment().put("HF_HUB_CACHE", folder.toString());
                String address = "http://us%20er:p%40ss@127.0.0.1:" + proxy.getLocalPort();
                child.environment().putAll(Map.of("HTTPS_PROXY", address, "HTTP_PROXY", address));
                Process process = child.redirectErrorStream(true).start();
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                assertThat(said).contains("%40 for an @").doesNotContain("p@ss", "p%40ss");
            }
        }
        String login = "proxy-authorization: basic "
                + Base64.getEncoder().encodeToString("us er:p@ss".getBytes(StandardCharsets.UTF_8));
        assertThat(heard).anyMatch(head -> head.startsWith("CONNECT hub.invalid:443"));
        assertThat(heard).anyMatch(head -> head.startsWith("GET http://hub.invalid/"));
        assertThat(heard).allMatch(head -> head.toLowerCase(Locale.ROOT).contains(login.toLowerCase(Locale.ROOT)));
    }

    /** Takes nobody's password. */
    private static void answer(ServerSocket proxy, List<String> heard) {
        try {
            while (true) {
                try (Socket one = proxy.accept()) {
                    BufferedReader in =
                            new BufferedReader(new InputStreamReader(one.getInputStream(), StandardCharsets.UTF_8));
                    StringBuilder head = new StringBuilder();
                    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                        head.append(line).append("\n");
                    }
                    heard.add(head.toString());
                    one.getOutputStream()
                            .write(
                                    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                            .getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            // the test has ended
        }
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
