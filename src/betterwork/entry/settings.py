"""All settings, in one short file. Each comes from the environment with a default that works on a laptop."""

from __future__ import annotations

from datetime import timedelta

from betterwork.entry.environment import (
    env_bool,
    env_choice,
    env_database,
    env_folder,
    env_int,
    env_mail,
    env_networks,
    env_origin,
    env_secret,
    env_text,
    secret_in,
)
from betterwork.foundation.languages.known import LANGUAGES as LANGUAGES
from betterwork.foundation.languages.known import LOCALE_PATH

BETTERWORK_HOME = env_folder("BETTERWORK_HOME", "./var")
"""All that an instance keeps lies under this folder: databases, files, keys, evidence."""

BETTERWORK_ENGINE = env_choice("BETTERWORK_ENGINE", "duckdb", ("duckdb", "spark"))
"""What computes the evidence: DuckDB inside the process, or Spark (the `spark` extra)."""

BETTERWORK_MEMORY_MB = env_int("BETTERWORK_MEMORY_MB", 800, low=100, high=1_000_000)
"""The memory DuckDB may use before it spills to disk."""

BETTERWORK_URL = env_origin("BETTERWORK_URL", "http://localhost:8000")
"""Where people reach the platform: scheme, host and port. Cookies, links in mails and passkeys follow from it."""

BETTERWORK_DEBUG = env_bool("BETTERWORK_DEBUG", False)
"""Pages for engineers when something fails. Never where real data is."""

METRICS_TOKEN = env_secret("METRICS_TOKEN", "")
"""What a machine that reads /metrics shows as its bearer token; without one there is no such page."""

FILES_LIMIT_MB = env_int("FILES_LIMIT_MB", 20, low=1, high=2_000)
"""The largest file a person may give."""

API_REQUESTS_A_MINUTE = env_int("API_REQUESTS_A_MINUTE", 600, low=1, high=1_000_000)
"""How much one token, or one person in a browser, may ask the API for in a minute."""

API_STRANGERS_A_MINUTE = env_int("API_STRANGERS_A_MINUTE", 120, low=1, high=1_000_000)
"""How much may come from one address in a minute without a token, or with one that does not count."""

API_ANSWERS_KEPT_HOURS = env_int("API_ANSWERS_KEPT_HOURS", 24, low=1, high=720)
"""How long the answer to a request with an Idempotency-Key is given again."""

WEBHOOKS_INSIDE = env_networks("WEBHOOKS_INSIDE")
"""Networks of the operator's own in which receivers of webhooks may stand; none other inside is called."""

# Databases and keys. The vault is a second database with a key of its own.
DATABASES = {
    "default": env_database("DATABASE_URL", embedded=BETTERWORK_HOME / "betterwork.sqlite3"),
    "vault": env_database("VAULT_DATABASE_URL", embedded=BETTERWORK_HOME / "vault.sqlite3"),
}
DATABASE_ROUTERS = ["betterwork.foundation.vault.router.VaultRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = env_secret("SECRET_KEY", "") or secret_in(BETTERWORK_HOME / "keys" / "secret.key")
"""Signs sessions and links in mails. Without it: a file under BETTERWORK_HOME/keys, made when needed."""

LEDGER_KEY = env_secret("LEDGER_KEY", "")
"""The key of personal values in the ledger. Without it: a file under BETTERWORK_HOME/keys, made when needed."""

VAULT_KEY = env_secret("VAULT_KEY", "")
"""The key of the vault. Without it: a file under BETTERWORK_HOME/keys, made when needed."""

FILES_KEY = env_secret("FILES_KEY", "")
"""The key of files at rest. Without it files are stored as they are."""

BACKUP_KEY = env_secret("BACKUP_KEY", "")
"""The key of backups, where no --key-file names one. Without either they lie in the open."""

# Rooms, low to high, after the packages they stand on.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_cotton",
    "django_htmx",
    "betterwork.foundation.contributions",
    "betterwork.foundation.audiences",
    "betterwork.foundation.doors",
    "betterwork.foundation.languages",
    "betterwork.foundation.console",
    "betterwork.foundation.api",
    "betterwork.foundation.ledger",
    "betterwork.foundation.documents",
    "betterwork.foundation.translations",
    "betterwork.foundation.people",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks",
    "betterwork.foundation.access",
    "betterwork.foundation.tokens",
    "betterwork.foundation.events",
    "betterwork.foundation.jobs",
    "betterwork.foundation.webhooks",
    "betterwork.foundation.releases",
    "betterwork.foundation.files",
    "betterwork.foundation.notices",
    "betterwork.foundation.vault",
    "betterwork.foundation.backup",
    "betterwork.modules.countries",
    "betterwork.modules.organisations",
    "betterwork.modules.registry",
    "betterwork.modules.staff",
    "betterwork.modules.duplicates",
    "betterwork.modules.bodies",
    "betterwork.modules.alerts",
    "betterwork.modules.instruments",
    "betterwork.modules.visits",
    "betterwork.modules.capture",
    "betterwork.modules.assessments",
    "betterwork.modules.evidence",
    "betterwork.modules.reports",
    "betterwork.entry",
]
MIDDLEWARE = [
    "betterwork.entry.web.logs.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "betterwork.entry.web.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "betterwork.foundation.access.middleware.ActorMiddleware",
    "betterwork.foundation.tokens.middleware.TokenMiddleware",
    "betterwork.foundation.api.middleware.ApiMiddleware",
    "betterwork.entry.web.bodies.BodyLimitMiddleware",
    "betterwork.foundation.doors.middleware.DoorMiddleware",
    "betterwork.foundation.people.second_factor.SecondFactorMiddleware",
]
ROOT_URLCONF = "betterwork.entry.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "betterwork.foundation.doors.context.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "betterwork.entry.web.shell.shell",
            ]
        },
    }
]
COTTON_ISOLATE_BY_DEFAULT = True
DEBUG = BETTERWORK_DEBUG

# Where people come from.
ALLOWED_HOSTS = [BETTERWORK_URL.host, *env_text("BETTERWORK_HOSTS", "").split()]
CSRF_TRUSTED_ORIGINS = [str(BETTERWORK_URL)]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BETTERWORK_BEHIND_PROXY", False) else None
SECURE_SSL_REDIRECT = False  # the proxy's business; health checks come without
SECURE_HSTS_SECONDS = 31_536_000 if BETTERWORK_URL.secure else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BETTERWORK_URL.secure
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"

# People: django-allauth, with a second factor.
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "betterwork.foundation.people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "20/m/ip,5/5m/key", "reset_password": "10/m/ip,3/5m/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=4).total_seconds())
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_DISPLAY = "betterwork.foundation.people.rules.display_name"
MFA_ADAPTER = "betterwork.foundation.people.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Better Work"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not BETTERWORK_URL.secure
USERSESSIONS_TRACK_ACTIVITY = False
USERSESSIONS_ADAPTER = "betterwork.foundation.people.adapters.SessionsAdapter"

# Mail: printed, unless there is a server to hand it to.
vars().update(env_mail("MAIL_URL"))
ACCOUNT_EMAIL_NOTIFICATIONS = True
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_text("MAIL_FROM", f"Better Work <no-reply@{BETTERWORK_URL.host}>")

# Files, work off the request, what may be forgotten.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nobody stores here: see "files"
    "files": {
        "BACKEND": env_text("FILES_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": {"location": BETTERWORK_HOME / "files"} if not env_text("FILES_STORAGE", "") else {},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = BETTERWORK_HOME / "static"
TASKS = {"default": {"BACKEND": "betterwork.foundation.jobs.backend.JobsBackend", "QUEUES": []}}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": BETTERWORK_HOME / "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LOCALE_PATHS = [LOCALE_PATH]
LOGGING_CONFIG = None  # entry.web.logs sets it up where something is served
