"""All settings, in one short file. Each comes from the environment with a default that works on a laptop."""

from __future__ import annotations

from betterwork.entry.environment import env_choice, env_database, env_folder, env_int, env_secret

BETTERWORK_HOME = env_folder("BETTERWORK_HOME", "./var")
"""All that an instance keeps lies under this folder: database, files, evidence."""

BETTERWORK_ENGINE = env_choice("BETTERWORK_ENGINE", "duckdb", ("duckdb", "spark"))
"""What computes the evidence: DuckDB inside the process, or Spark (the `spark` extra)."""

BETTERWORK_MEMORY_MB = env_int("BETTERWORK_MEMORY_MB", 800, low=100, high=1_000_000)
"""The memory DuckDB may use before it spills to disk."""

DATABASES = {"default": env_database("DATABASE_URL", embedded=BETTERWORK_HOME / "betterwork.sqlite3")}

SECRET_KEY = env_secret("SECRET_KEY", "not-secret: nothing is signed or served yet")

LEDGER_KEY = env_secret("LEDGER_KEY", "")
"""The key of personal values in the ledger. Without it: a file under BETTERWORK_HOME/keys, made when needed."""

INSTALLED_APPS = [
    "betterwork.foundation.ledger",
    "betterwork.foundation.documents",
    "betterwork.modules.registry",
    "betterwork.modules.instruments",
    "betterwork.modules.assessments",
    "betterwork.modules.evidence",
    "betterwork.modules.reports",
    "betterwork.entry",
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {},
    }
]
