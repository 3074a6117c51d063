"""A connection to MariaDB on which a test decides about each statement: an error instead, or the end of the session."""
import contextlib
import socket
import struct
import threading

QUERY = 3
PREPARE = 22
EXECUTE = 23
# An OK packet: no affected rows, no id, autocommit, no warnings.
NOTHING_AFFECTED = b"\x07\x00\x00\x01\x00\x00\x00\x02\x00\x00\x00"


class Proxy:
    """A unix socket that passes everything on, except the statements about which `decide` says otherwise.

    `decide` gets the text of a statement that is executed, prepared or not. It returns None to pass it on, a number to answer with that error instead of
    MariaDB, "lose" to end the session instead, "lose the answer" to end it once MariaDB has answered, or "change
    nothing" to answer that no row was affected.
    """

    def __init__(self, path, database):
        self.path, self.database = path, database
        self.decide = lambda text: None
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(128)
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(self.database))
        # The statement whose number the server says next, and the prepared statements by their numbers.
        state = {"loses": False, "preparing": None, "prepared": {}}
        threading.Thread(target=self.answers, args=(server, client, state), daemon=True).start()
        with contextlib.suppress(OSError), client, server:
            while packet := receive_packet(client):
                number, content = packet[3], packet[4:]
                command = content[0] if number == 0 and content else None
                text = content[1:].decode(errors="replace") if command in (QUERY, PREPARE) else None
                if command == PREPARE:
                    state["preparing"], text = text, None
                elif command == EXECUTE:
                    text = state["prepared"][content[1:5]]
                decision = None if text is None else self.decide(text)
                if isinstance(decision, int):
                    client.sendall(error_packet(decision))
                    continue
                if decision == "lose":
                    break
                if decision == "change nothing":
                    client.sendall(NOTHING_AFFECTED)
                    continue
                state["loses"] = decision == "lose the answer"
                server.sendall(packet)
            for end in (client, server):
                end.shutdown(socket.SHUT_RDWR)

    def answers(self, server, client, state):
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if state["loses"]:
                    break
                if state["preparing"] is not None and data[4] == 0:
                    state["prepared"][data[5:9]] = state["preparing"]
                state["preparing"] = None
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)


def receive_packet(connection):
    """A packet with its header ("MySQL packets": three bytes of length, one of sequence); nothing at the end."""
    head = receive(connection, 4)
    return head and head + receive(connection, int.from_bytes(head[:3], "little"))


def receive(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            return b""
        data += more
    return data


def error_packet(number):
    content = b"\xff" + struct.pack("<H", number) + b"#HY000" + b"as the test wants it"
    return struct.pack("<I", len(content))[:3] + b"\x01" + content
