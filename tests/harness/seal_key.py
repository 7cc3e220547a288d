"""A key of one's own as a server has it: a file with a password, its authorities, its roots."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

PASSWORD = "mot de passe du coffre"


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def in_files(chain, folder, *, timestamps="http://127.0.0.1:9/"):
    """Write the key of a chain in a folder. Returns the settings that name it, without their prefix CAPRSE_."""
    content = pkcs12.serialize_key_and_certificates(
        b"cachet",
        chain.seal.key,
        chain.seal.certificate,
        None,
        serialization.BestAvailableEncryption(PASSWORD.encode()),
    )
    (folder / "seal.p12").write_bytes(content)
    (folder / "chain.pem").write_bytes(pem(chain.authority.certificate))
    (folder / "roots.pem").write_bytes(pem(chain.root.certificate))
    return {
        "SEAL_KEY": str(folder / "seal.p12"),
        "SEAL_PASSWORD": PASSWORD,
        "SEAL_CHAIN": str(folder / "chain.pem"),
        "SEAL_ROOTS": str(folder / "roots.pem"),
        "TIMESTAMP_URLS": timestamps,
    }
