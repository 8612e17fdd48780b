"""A receiver of webhooks that behaves as badly as it is told to, in a thread of its own."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Receiver:
    """``mode`` says how it answers; ``got`` keeps each request as it came."""

    mode: str = "fine"
    got: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://receiver.example:{self.port}/hook?x=1"

    def answer(self, connection: socket.socket) -> None:
        if self.mode == "closes at once":
            return
        connection.settimeout(5)
        request = b""
        with suppress(OSError):
            while b"\r\n\r\n" not in request:
                request += connection.recv(65536) or b"\r\n\r\n"
            head, _gap, body = request.partition(b"\r\n\r\n")
            wanted = next(
                (int(one.split(b":")[1]) for one in head.split(b"\r\n") if one.lower().startswith(b"content-length:")),
                0,
            )
            while len(body) < wanted:
                more = connection.recv(65536)
                if not more:
                    break
                body += more
            self.got.append(head + b"\r\n\r\n" + body)
        with suppress(OSError):
            self._speak(connection)

    def _speak(self, connection: socket.socket) -> None:
        ok = b"HTTP/1.1 200 OK\r\nContent-Length: "
        if self.mode == "fine":
            connection.sendall(ok + b"0\r\n\r\n")
        elif self.mode == "hangs":
            time.sleep(3)
        elif self.mode == "drips":
            for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000:
                connection.sendall(bytes([letter]))
                time.sleep(0.05)
        elif self.mode == "drips lines":
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            for number in range(1000):
                connection.sendall(b"X-%d: y\r\n" % number)
                time.sleep(0.05)
        elif self.mode == "says 200 and closes":
            connection.sendall(ok + b"100\r\n\r\nhalf")
        elif self.mode == "endless body":
            connection.sendall(ok + b"99999999999\r\n\r\n")
            for _number in range(2000):
                connection.sendall(b"x" * 65536)
        elif self.mode == "endless header":
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            for _number in range(200):
                connection.sendall(b"x" * 65536)
        elif self.mode == "no http":
            connection.sendall(b"\x00\x01\x02 hello\r\n\r\n")
        elif self.mode == "redirects inside":
            connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
        elif self.mode == "continues for ever":
            for _number in range(200):
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                time.sleep(0.05)
        else:
            connection.sendall(b"HTTP/1.1 " + self.mode.encode() + b" X\r\nContent-Length: 0\r\n\r\n")


@contextmanager
def receiving(mode: str = "fine", tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver that listens until the end of the block."""
    server = socket.create_server(("127.0.0.1", 0))
    receiver = Receiver(mode, port=server.getsockname()[1])

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _address = server.accept()
                threading.Thread(target=_one, args=(connection,), daemon=True).start()

    def _one(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            receiver.answer(tls.wrap_socket(connection, server_side=True) if tls else connection)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield receiver
    finally:
        server.close()


def certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A context of a server with a certificate of its own making, for a name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file = folder / f"{name}.pem"
    file.write_bytes(pem + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
