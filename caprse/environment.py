"""Reads CAPRSE_* variables and fails loudly, in one line, when one is missing, unknown or wrong."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MODES = ("demo", "test", "production")
KNOWN = {
    "CAPRSE_MODE": "demo, test ou production",
    "CAPRSE_SECRET_KEY": "clé secrète, 50 caractères au moins",
    "CAPRSE_BASE_URL": "adresse publique du site, https://…",
    "CAPRSE_ALLOWED_HOSTS": "noms d’hôte, séparés par des virgules",
    "CAPRSE_DATABASE_URL": "postgres://rôle:motdepasse@hôte:port/base du rôle qui fait tourner le site",
    "CAPRSE_DATABASE_OWNER_URL": "la même base, par le rôle qui migre",
    "CAPRSE_DB": "fichier de la base SQLite embarquée",
    "CAPRSE_DATA": "dossier des fichiers",
    "CAPRSE_REDIS_URL": "redis://hôte:port/0",
    "CAPRSE_EMAIL_URL": "smtp://compte:motdepasse@hôte:port",
    "CAPRSE_EMAIL_FROM": "expéditeur des courriels",
    "CAPRSE_LEGAL_PUBLISHER": "mentions légales : qui publie le site (nom, forme, siège, numéro d’immatriculation)",
    "CAPRSE_LEGAL_DIRECTOR": "mentions légales : directeur ou directrice de la publication",
    "CAPRSE_LEGAL_HOST": "mentions légales : hébergeur (nom, adresse, téléphone)",
    "CAPRSE_LEGAL_CONTACT": "adresse électronique qui répond sur le site, les données et l’accessibilité",
    "CAPRSE_ANTIVIRUS": "commande qui lit un fichier déposé avant qu’il soit gardé : 0 sain, 1 infecté",
    "CAPRSE_SEAL_KEY": "clé du cachet, du seul processus qui scelle : fichier PKCS#12, ou pkcs11:///module.so?token=…&label=…",
    "CAPRSE_SEAL_PASSWORD": "mot de passe de ce fichier, ou code de cette carte",
    "CAPRSE_SEAL_CHAIN": "fichier PEM des autorités intermédiaires du cachet",
    "CAPRSE_SEAL_ROOTS": "fichier PEM des autorités racines du cachet et de l’horodatage",
    "CAPRSE_TIMESTAMP_URLS": "serveurs d’horodatage (RFC 3161), dans l’ordre, séparés par des virgules",
    "CAPRSE_DEMO_TODAY": "jour de la démonstration, AAAA-MM-JJ",
    "CAPRSE_LOG_LEVEL": "DEBUG, INFO, WARNING ou ERROR",
}
# What a development machine may do without and a production server may not.
DEVELOPMENT_SECRET = "development-only-secret-key-never-used-in-production-0123456789"
REQUIRED_IN_PRODUCTION = (
    "CAPRSE_SECRET_KEY",
    "CAPRSE_BASE_URL",
    "CAPRSE_ALLOWED_HOSTS",
    "CAPRSE_DATABASE_URL",
    "CAPRSE_DATA",
    "CAPRSE_REDIS_URL",
    "CAPRSE_EMAIL_URL",
    "CAPRSE_EMAIL_FROM",
    "CAPRSE_LEGAL_PUBLISHER",
    "CAPRSE_LEGAL_DIRECTOR",
    "CAPRSE_LEGAL_HOST",
    "CAPRSE_LEGAL_CONTACT",
)


def fail(name, problem):
    """Stop the start: one line that names the variable, what is wrong and what it holds."""
    raise ImproperlyConfigured(f"{name} {problem} ({KNOWN.get(name, 'variable inconnue')})")


def text(name, default=None):
    """The variable's text, or the default; a variable without default must be set."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        fail(name, "n’est pas défini")
    return default


def texts(name):
    """The parts of the variable, separated by commas; none when it is not set."""
    return tuple(part.strip() for part in text(name, default="").split(",") if part.strip())


def mode():
    """The mode of this process, after refusing every CAPRSE_* variable this product does not know."""
    for name in sorted(os.environ):
        if name.startswith("CAPRSE_") and name not in KNOWN:
            fail(name, "n’existe pas")
    value = text("CAPRSE_MODE")
    if value not in MODES:
        fail("CAPRSE_MODE", f"vaut « {value} »")
    if value == "production":
        refuse_development_defaults()
    return value


def refuse_development_defaults():
    """Production starts only with its own secret, address, servers and folders."""
    for name in REQUIRED_IN_PRODUCTION:
        text(name)
    secret = text("CAPRSE_SECRET_KEY")
    if secret == DEVELOPMENT_SECRET or len(secret) < 50:
        fail("CAPRSE_SECRET_KEY", "est une clé de développement ou trop courte")
    if not text("CAPRSE_BASE_URL").startswith("https://"):
        fail("CAPRSE_BASE_URL", "doit commencer par https://")
    if "*" in text("CAPRSE_ALLOWED_HOSTS"):
        fail("CAPRSE_ALLOWED_HOSTS", "ne peut pas ouvrir à tous les hôtes")
    if not text("CAPRSE_DATABASE_URL").startswith(("postgres://", "postgresql://")):
        fail("CAPRSE_DATABASE_URL", "doit désigner PostgreSQL")
    if "@" not in text("CAPRSE_LEGAL_CONTACT"):
        fail("CAPRSE_LEGAL_CONTACT", "doit être une adresse électronique")
    for name in ("CAPRSE_DB", "CAPRSE_DEMO_TODAY"):
        if os.environ.get(name):
            fail(name, "ne sert qu’à la démonstration et aux tests")


def folder(name, default):
    """An existing or creatable folder."""
    path = Path(text(name, default=str(default))).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path
