package cogent.llm.openai;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A raw HTTP server on loopback that does to each request what the test says, rude things included. */
public final class FaultServer implements AutoCloseable {
    /** Answers one request in its own way. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(String request, Socket socket, OutputStream out) throws IOException, InterruptedException;
    }

    /** Each request as it came: request line, headers, blank line, body. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    private final ServerSocket server;
    private final Thread acceptor;
    private volatile Behaviour behaviour;

    public FaultServer(Behaviour behaviour) {
        this.behaviour = behaviour;
        try {
            server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        acceptor = Thread.ofVirtual().start(this::accept);
    }

    void behave(Behaviour other) {
        behaviour = other;
    }

    public String base() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
    }

    public static Behaviour says(int status, String body, String... headers) {
        return says(status, body.getBytes(StandardCharsets.UTF_8), "application/json", headers);
    }

    public static Behaviour says(int status, byte[] body, String type, String... headers) {
        return (request, socket, out) -> {
            var head = new StringBuilder("HTTP/1.1 " + status + " X\r\nContent-Type: " + type + "\r\nContent-Length: "
                    + body.length + "\r\nConnection: close\r\n");
            for (String header : headers) {
                head.append(header).append("\r\n");
            }
            out.write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            out.write(body);
        };
    }

    public static Behaviour replies(String content) {
        return says(200, completion(content, "stop"));
    }

    public static String completion(String content, String finish) {
        return """
                {"id":"c","model":"m-1","choices":[{"index":0,"finish_reason":"%s","message":{"role":"assistant",\
                "content":%s}}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""".formatted(finish, Wire.JSON.writeValueAsString(content));
    }

    /** Closing with SO_LINGER 0 sends a reset. */
    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** The port is closed when the last who waits on it has left. */
    @Override
    public void close() {
        try {
            server.close();
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            String request = read(new BufferedInputStream(socket.getInputStream()));
            requests.add(request);
            OutputStream out = socket.getOutputStream();
            behaviour.answer(request, socket, out);
            if (!socket.isClosed()) {
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // the client went away, which is its right
        }
    }

    private static String read(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        String text = "";
        while (!text.endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                return text;
            }
            if (b == 0x16 && bytes.size() == 0) {
                return "TLS";
            }
            bytes.write(b);
            text = bytes.toString(StandardCharsets.UTF_8);
        }
        int length = text.lines()
                .filter(line -> line.regionMatches(true, 0, "content-length:", 0, 15))
                .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                .findFirst()
                .orElse(0);
        return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
