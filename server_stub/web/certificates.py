"""The certificate of ``--tls-self-signed``: made once, kept in the data directory, renewed when it grows old."""

import datetime
import ipaddress
import socket
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server_stub.files import make_private_folder, write_private

LIFETIME_DAYS = 825
RENEW_DAYS = 30


def self_signed(folder: Path, host: str, now: datetime.datetime) -> tuple[Path, Path]:
    """Return the files of a certificate for this host and of its key (PKCS#8), made when there is none that is good."""
    make_private_folder(folder)
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    if not (key_file.is_file() and _is_good(certificate_file, host, now)):
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(key, host, now)
        form = serialization.Encoding.PEM
        write_private(
            key_file,
            key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        )
        write_private(certificate_file, certificate.public_bytes(form))
    return certificate_file, key_file


def _names(host: str) -> list[x509.GeneralName]:
    texts = dict.fromkeys(["localhost", "127.0.0.1", "::1", socket.gethostname(), host])
    return [_name(text) for text in texts if text not in ("0.0.0.0", "::")]  # noqa: S104 (not names of anybody)


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _is_good(file: Path, host: str, now: datetime.datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
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
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
