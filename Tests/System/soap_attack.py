"""Envelopes that no toolkit writes, and a listener that the server must not call."""
import socket
import threading

from site_client import ENVELOPE_11, ENVELOPE_12, SOAPFault, xml

PRODUCTS = "http://messo.products.soap/v1"
MEDIA_TYPE = {11: "text/xml; charset=utf-8", 12: "application/soap+xml; charset=utf-8"}


def call(operation="get_product", content="<product_id>NONE</product_id>", namespace=PRODUCTS):
    """An operation's element; by default it asks for a product that does not exist."""
    declaration = f' xmlns="{namespace}"' if namespace else ""
    return f"<{operation}{declaration}>{content}</{operation}>"


def envelope(body=None, header="", version=11, before="", after="", attributes=""):
    """A document with the call in its Body; `before` and `after` are outside the Envelope."""
    namespace = ENVELOPE_11 if version == 11 else ENVELOPE_12
    body = call() if body is None else body
    head = f"<e:Header>{header}</e:Header>" if header else ""
    return (
        f'{before}<e:Envelope xmlns:e="{namespace}"{attributes}>{head}<e:Body>{body}</e:Body></e:Envelope>{after}')


def new_product(**fields):
    """A call that creates a product; None leaves a field out."""
    fields = {"product_id": "P-1", "sku": "S-1", "name": "Cup", "price": "9.90"} | fields
    return call("create_product", f"<product>{xml(**fields)}</product>")


def expect_client_fault(answer, code=None, version=11):
    """Expects a fault that blames the sender in the version's form, with the error code in its text and its detail."""
    assert answer.status_code == 500, (answer.status_code, answer.text)
    assert answer.headers["Content-Type"].startswith(MEDIA_TYPE[version].split(";")[0])
    fault = SOAPFault(answer)
    assert fault.version == version
    assert fault.fault_code == ("Client" if version == 11 else "Sender"), fault.text
    assert fault.text.startswith(f"{fault.code}: ")
    if code is not None:
        assert fault.code == code, fault.text
    return fault


class Canary:
    """A listener on the loopback interface; a connection means that an attack made the server call out."""

    def __init__(self):
        self.calls = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.url = f"http://{self.address}/canary"
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                caller, _ = self.listener.accept()
            except OSError:
                return
            self.calls += 1
            caller.close()

    def close(self):
        # shutdown, since close alone would leave the thread in accept().
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
