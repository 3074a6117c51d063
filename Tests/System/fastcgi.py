"""The web server's side of FastCGI 1.0: one kept connection, with one request after another."""
import socket
import struct
import time

BEGIN_REQUEST, END_REQUEST, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6
RESPONDER, KEEP_CONNECTION = 1, 1


class Connection:
    def __init__(self, path, timeout=120):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.socket.connect(str(path))

    def close(self):
        self.socket.close()

    def request(self, method, uri, body=b"", content_type=""):
        """Sends a request as nginx would; returns the status and the body of the answer."""
        self.send(method, uri, body, content_type)
        return self.answer()

    def send(self, method, uri, body=b"", content_type="", protocol="HTTP/1.1"):
        parameters = {
            "REQUEST_METHOD": method, "REQUEST_URI": uri, "REQUEST_SCHEME": "http", "REQUEST_ID": "0" * 32,
            "CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body)) if body else "", "REMOTE_ADDR": "127.0.0.1",
            "REQUEST_MSEC": f"{time.time():.3f}", "SERVER_PROTOCOL": protocol,
            "HTTP_HOST": "localhost:8080", "HTTP_ACCEPT": "*/*", "HTTP_USER_AGENT": "curl/7.88.1",
        }
        pairs = b"".join(pair(name.encode(), value.encode()) for name, value in parameters.items())
        self.socket.sendall(
            record(BEGIN_REQUEST, struct.pack("!HB5x", RESPONDER, KEEP_CONNECTION)) + record(PARAMS, pairs)
            + record(PARAMS, b"") + (record(STDIN, body) if body else b"") + record(STDIN, b""))

    def answer(self):
        """The status and the body of the answer to the last request."""
        output = b""
        while True:
            _, kind, _, length, padding = struct.unpack("!BBHHBx", self.receive(8))
            content = self.receive(length + padding)[:length]
            if kind == END_REQUEST:
                head, _, body = output.partition(b"\r\n\r\n")
                return int(head.split()[1]), body
            if kind == STDOUT:
                output += content

    def receive(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            assert more, "the peer has closed the connection"
            data += more
        return data


def record(kind, content):
    assert len(content) < 65536
    return struct.pack("!BBHHBx", 1, kind, 1, len(content), 0) + content


def pair(name, value):
    return b"".join(length(text) for text in (name, value)) + name + value


def length(text):
    return struct.pack("!B", len(text)) if len(text) < 128 else struct.pack("!I", len(text) | 1 << 31)
