"""Certificates: an administrator's are tried before the start, the server's own is made and renewed."""

import contextlib
import datetime
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server_stub.domain.base.errors import Invalid
from server_stub.files import make_private_folder, write_private
from server_stub.process.service import ANYWHERE

LIFETIME_DAYS = 825
RENEW_DAYS = 30


def require_usable(certificate: Path, key: Path) -> None:
    """Raise Invalid unless the two files can be read, belong together, and need no pass phrase."""
    for file in (certificate, key):
        try:
            file.read_bytes()
        except OSError as error:
            raise Invalid(f"{file} cannot be read: {error.strerror}", hint="Check its path and its mode.") from error
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password=lambda: "")
        serialization.load_pem_private_key(key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise Invalid(
            f"{certificate} and {key} are no certificate and its key",
            hint="Both are PEM; the key has no pass phrase: openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW_KEY",
        ) from error


def self_signed(folder: Path, host: str, now: datetime.datetime) -> tuple[Path, Path]:
    """Return the files of a certificate for this host and of its key (PKCS#8), made when there is none that is good."""
    make_private_folder(folder)
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    if not _is_good(certificate_file, key_file, host, now):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(key, host, now)
        form = serialization.Encoding.PEM
        write_private(
            key_file, key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        write_private(certificate_file, certificate.public_bytes(form))
    return certificate_file, key_file


def _names(host: str) -> list[x509.GeneralName]:
    texts = dict.fromkeys(["localhost", "127.0.0.1", "::1", socket.gethostname(), host])
    return [name for text in texts if text not in ANYWHERE for name in _name(text)]


def _name(text: str) -> Iterator[x509.GeneralName]:
    """Return a name or address as a certificate has it; nothing for a host name that none can hold."""
    try:
        yield x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        with contextlib.suppress(ValueError):
            yield x509.DNSName(text)


def _is_good(file: Path, key_file: Path, host: str, now: datetime.datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    if certificate.public_key() != key.public_key():
        return False
    left = certificate.not_valid_after_utc - now
    return left > datetime.timedelta(days=RENEW_DAYS) and all(name in names for name in _names(host))


def _certificate(key: ec.EllipticCurvePrivateKey, host: str, now: datetime.datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "vshell-server")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=LIFETIME_DAYS))
        .add_extension(x509.SubjectAlternativeName(_names(host)), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _key_usage() -> x509.KeyUsage:
    """Return what the key is for: strict clients, as Python from 3.13 on, want it said (RFC 5280, 4.2.1.3)."""
    no_ciphers = dict.fromkeys(("key_encipherment", "data_encipherment", "encipher_only", "decipher_only"), False)
    no_others = dict.fromkeys(("content_commitment", "key_agreement", "crl_sign"), False)
    return x509.KeyUsage(digital_signature=True, key_cert_sign=True, **no_ciphers, **no_others)
