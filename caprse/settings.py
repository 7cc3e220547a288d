"""Settings of the three modes: demo (embedded, one process), test, production."""

from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from caprse import databases, environment

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Mode ---------------------------------------------------------------------------------------------------
CAPRSE_MODE = environment.mode()
DEMO, TESTING, PRODUCTION = (mode == CAPRSE_MODE for mode in environment.MODES)
DEBUG = False
SECRET_KEY = environment.text("CAPRSE_SECRET_KEY", default=environment.DEVELOPMENT_SECRET)
BASE_URL = environment.text(
    "CAPRSE_BASE_URL", default=f"http://127.0.0.1:{environment.text('PORT', default='8000')}"
).rstrip("/")
_hosts = environment.text("CAPRSE_ALLOWED_HOSTS", default="127.0.0.1,localhost,[::1],testserver")
ALLOWED_HOSTS = [host.strip() for host in _hosts.split(",")]

# --- Applications -------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "guardian",
    "caprse.base",
    "referentiel",
    "cohorts",
    "autodiag",
    "conventions",
    "caprse",
]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "caprse.base.errors.ErrorIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "caprse.base.signed_out.SignedOutMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "caprse.base.readonly.ReadOnlyGetMiddleware",
    "cohorts.access.ActorMiddleware",
    "caprse.base.access.AudienceMiddleware",
]
ROOT_URLCONF = "caprse.urls"
WSGI_APPLICATION = "caprse.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cohorts.context.navigation",
            ],
            "builtins": ["caprse.base.templatetags.ui", "caprse.base.templatetags.french"],
        },
    }
]

# --- Database -----------------------------------------------------------------------------------------------
CAPRSE_DATA = environment.folder("CAPRSE_DATA", BASE_DIR / "var" / CAPRSE_MODE)
_postgresql = environment.text("CAPRSE_DATABASE_URL", default="")
_sqlite = environment.text("CAPRSE_DB", default=str(CAPRSE_DATA / "caprse.sqlite3"))
Path(_sqlite).parent.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": databases.postgresql(_postgresql) if _postgresql else databases.sqlite(_sqlite, test=TESTING)}
# `migrate` uses the owner's address; every other process runs as the role without its rights.
DATABASE_OWNER_URL = environment.text("CAPRSE_DATABASE_OWNER_URL", default="")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Signing in ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "cohorts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ["email", "first_name", "last_name"]}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "cohorts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from the network's own invitations
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# The demonstration is replayed from one machine, with every account in turn.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip" if DEMO else "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

# Rights of named persons (the editors of a référentiel): rows of our own, read with their expiry by `cohorts.access`.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = GUARDIAN_MONKEY_PATCH_GROUP = False

# --- Security -----------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION else []
CSRF_FAILURE_VIEW = "caprse.views.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
# A whole plan ticked at once (a workbook brings a thousand actions), or each criterion of a long référentiel given its
# priority (four fields apiece): past Django's thousand, the form would be refused with all that was chosen in it.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# --- Who answers for the site: the legal pages ----------------------------------------------------------------
LEGAL = {
    "publisher": environment.text(
        "CAPRSE_LEGAL_PUBLISHER", default="Personne : ceci est une démonstration, ses données sont inventées"
    ),
    "director": environment.text("CAPRSE_LEGAL_DIRECTOR", default="À nommer avant toute mise en ligne"),
    "host": environment.text("CAPRSE_LEGAL_HOST", default="La machine qui fait tourner cette démonstration"),
    "contact": environment.text("CAPRSE_LEGAL_CONTACT", default="contact@example.org"),
}

# --- Language and time --------------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
_demo_today = environment.text("CAPRSE_DEMO_TODAY", default="2025-11-04" if DEMO else "")
try:
    DEMO_TODAY = date.fromisoformat(_demo_today) if _demo_today else None
except ValueError:
    environment.fail("CAPRSE_DEMO_TODAY", f"vaut « {_demo_today} »")

# --- Files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = CAPRSE_DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(CAPRSE_DATA / "files")},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# What people bring: bytes a file may weigh, and all the files of a structure; the command that reads each, if any.
UPLOAD_FILE_BYTES = 20_000_000
UPLOAD_STRUCTURE_BYTES = 500_000_000
ANTIVIRUS = environment.text("CAPRSE_ANTIVIRUS", default="")
ANTIVIRUS_SECONDS = 20

# The public verification of a signed document: what one address may ask in a minute, and whole files it may send.
VERIFY_A_MINUTE, VERIFY_FILES_A_MINUTE = (600, 600) if DEMO else (60, 20)

# The seal of signed documents. Without a key of its own, outside production, a chain of test made on the spot.
SEAL_KEY = environment.text("CAPRSE_SEAL_KEY", default="")
SEAL_PASSWORD = environment.text("CAPRSE_SEAL_PASSWORD", default="")
SEAL_CHAIN = environment.text("CAPRSE_SEAL_CHAIN", default="")
SEAL_ROOTS = environment.text("CAPRSE_SEAL_ROOTS", default="")
TIMESTAMP_URLS = environment.texts("CAPRSE_TIMESTAMP_URLS")

# --- Queue, cache, mail -------------------------------------------------------------------------------------
REDIS_URL = environment.text("CAPRSE_REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
DEFAULT_FROM_EMAIL = environment.text("CAPRSE_EMAIL_FROM", default="CAP RSE <cap-rse@example.org>")
_mail = urlsplit(environment.text("CAPRSE_EMAIL_URL", default="smtp://"))
EMAIL_BACKEND = "django.core.mail.backends." + ("smtp" if PRODUCTION else "locmem") + ".EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp" and PRODUCTION
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 20

# --- Logs ---------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Refusals and missing pages are answers, not errors; the journal holds what matters of them.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": environment.text("CAPRSE_LOG_LEVEL", default="WARNING")},
}

if not PRODUCTION:  # invented people, whose password is printed on the demonstration's sign-in page
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The address is unique on Lower(email), which the check does not see; guardian's backend would answer without expiry.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "guardian.W001"]
