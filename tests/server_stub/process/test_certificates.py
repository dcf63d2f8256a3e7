"""Certificates: ours is trusted by the strictest client that is told of it; an administrator's is tried first."""

import datetime
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from server_stub.domain.base.errors import Invalid
from server_stub.process import certificates
from tests import processes

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


def test_a_strict_client_that_trusts_it_connects_by_name_and_address(tmp_path: Path) -> None:
    with processes.running(tmp_path / "d", "--tls-self-signed") as server:
        port = int(server.url.rpartition(":")[2])
        context = ssl.create_default_context(cafile=str(server.data / "tls" / "certificate.pem"))
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        for name in ("localhost", "127.0.0.1"):
            with (
                socket.create_connection(("127.0.0.1", port)) as plain,
                context.wrap_socket(plain, server_hostname=name) as wrapped,
            ):
                assert wrapped.version() in ("TLSv1.2", "TLSv1.3")
        with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(plain, server_hostname="example.com")


def made(folder: Path, host: str = "127.0.0.1", later: datetime.timedelta = 0 * DAY) -> bytes:
    """Return the certificate that is served on a host at a time."""
    return certificates.self_signed(folder, host, NOW + later)[0].read_bytes()


def test_it_is_made_once_and_renewed_before_it_ends(tmp_path: Path) -> None:
    first = made(tmp_path / "tls")
    assert made(tmp_path / "tls") == first
    assert made(tmp_path / "tls", later=(certificates.LIFETIME_DAYS - certificates.RENEW_DAYS - 1) * DAY) == first
    assert made(tmp_path / "tls", later=(certificates.LIFETIME_DAYS - certificates.RENEW_DAYS + 1) * DAY) != first


@pytest.mark.parametrize("damage", ["certificate.pem", "key.pem"])
@pytest.mark.parametrize("content", [b"", b"no certificate", None])
def test_what_is_damaged_or_missing_is_made_anew(tmp_path: Path, damage: str, content: bytes | None) -> None:
    first = made(tmp_path / "tls")
    if content is None:
        (tmp_path / "tls" / damage).unlink()
    else:
        (tmp_path / "tls" / damage).write_bytes(content)
    assert made(tmp_path / "tls") != first
    certificates.require_usable(tmp_path / "tls" / "certificate.pem", tmp_path / "tls" / "key.pem")


def test_a_key_of_another_certificate_is_noticed(tmp_path: Path) -> None:
    first = made(tmp_path / "one")
    made(tmp_path / "two")
    (tmp_path / "two" / "key.pem").replace(tmp_path / "one" / "key.pem")
    assert made(tmp_path / "one") != first


def test_another_host_gets_another_certificate_and_an_odd_name_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made(tmp_path / "tls")
    assert made(tmp_path / "tls", host="vshell.example") != first
    monkeypatch.setattr(certificates.socket, "gethostname", lambda: "büro")
    assert made(tmp_path / "tls", host="0.0.0.0")


def openssl(*arguments: str, cwd: Path) -> None:
    """Run openssl."""
    subprocess.run([processes.needed("openssl", "openssl"), *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A certificate with its key, the same key locked, another key, and one in the older form."""
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "cert", *subject, cwd=tmp_path)
    openssl("pkcs8", "-topk8", "-in", "key", "-out", "locked", "-passout", "pass:secret", cwd=tmp_path)
    openssl("genrsa", "-out", "other", "2048", cwd=tmp_path)
    openssl("rsa", "-in", "key", "-traditional", "-out", "older", cwd=tmp_path)
    (tmp_path / "junk").write_bytes(b"junk")
    return tmp_path


@pytest.mark.parametrize("key", ["key", "older"])
def test_good_files_are_served(files: Path, key: str) -> None:
    certificates.require_usable(files / "cert", files / key)
    flags = ["--tls-cert", str(files / "cert"), "--tls-key", str(files / key)]
    with processes.running(files / "d", *flags) as server:
        assert server.url.startswith("https://")
        context = ssl.create_default_context(cafile=str(files / "cert"))
        port = int(server.url.rpartition(":")[2])
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as wrapped,
        ):
            assert wrapped.version() == "TLSv1.3"


@pytest.mark.parametrize(
    ("cert", "key"),
    [("cert", "locked"), ("cert", "other"), ("cert", "junk"), ("junk", "key"), ("key", "cert"), ("cert", "missing")],
)
def test_bad_files_are_refused_before_anything_starts(files: Path, cert: str, key: str) -> None:
    with pytest.raises(Invalid) as caught:
        certificates.require_usable(files / cert, files / key)
    assert caught.value.hint
