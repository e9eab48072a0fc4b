"""A real mail server of this process, which takes or refuses as a test tells it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from resolve.kit.clock import now
from resolve.kit.settings import settings

USER, PASSWORD = "resolve", "a secret"


@dataclass
class Post:
    """A mail server's behaviour and what it took."""

    taken: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)  # address -> answer
    after: dict[int, str] = field(default_factory=dict)  # so many taken -> answer
    port: int = 0

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _opts: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Envelope
    ) -> str:
        answer = self.after.get(len(self.taken))
        if answer:
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        read = message_from_bytes(content, policy=default)
        read["X-To"] = ", ".join(envelope.rcpt_tos)
        read["X-From"] = envelope.mail_from or ""
        self.taken.append(read)
        return "250 taken"

    @property
    def recipients(self) -> list[str]:
        return [str(mail["X-To"]) for mail in self.taken]


def authenticate(
    _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword
) -> AuthResult:
    fits = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=fits, handled=False)


@pytest.fixture
def post() -> Iterator[Post]:
    """Give a mail server without protection."""
    yield from served()


def served(**how: Any) -> Iterator[Post]:
    made = Post(port=_free_port())
    controller = Controller(made, hostname="127.0.0.1", port=made.port, **how)
    controller.start()
    yield made
    controller.stop()


def _free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def through_the_post(post: Post, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """Let everything in this process be mailed by that server."""
    monkeypatch.setenv("RESOLVE_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("RESOLVE_SMTP_PORT", str(post.port))
    monkeypatch.setenv("RESOLVE_SMTP_TLS", "none")
    monkeypatch.setenv("RESOLVE_SMTP_FROM", "resolve@company.example")
    settings.cache_clear()
    yield post
    settings.cache_clear()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a certificate and its key in one file, for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        made.public_bytes(pem)
        + key.private_bytes(
            pem,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return file


@pytest.fixture
def at_server(certificate: Path) -> ssl.SSLContext:
    """Give what a server needs to speak in secret."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate: Path) -> ssl.SSLContext:
    """Give what a client needs to trust that server."""
    return ssl.create_default_context(cafile=str(certificate))
