"""Reading settings from the environment: typed, and refusing nonsense instead of guessing."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

TRUE, FALSE = {"true", "1", "yes", "on"}, {"false", "0", "no", "off"}


class BadSetting(ValueError):
    """An environment variable holds something that cannot be meant. The message says what would do."""


def env_text(name: str, default: str) -> str:
    """The value of ``name``; blank counts as not set."""
    return os.environ.get(name, "").strip() or default


def env_bool(name: str, default: bool) -> bool:
    """True or False; anything that is neither is refused."""
    value = env_text(name, "true" if default else "false").lower()
    if value in TRUE | FALSE:
        return value in TRUE
    raise BadSetting(f"{name} is {value!r}: write true or false")


def env_int(name: str, default: int, *, low: int, high: int) -> int:
    """A whole number between ``low`` and ``high``, both allowed."""
    value = env_text(name, str(default))
    if not (value.isascii() and value.lstrip("-").isdigit() and low <= int(value) <= high):
        raise BadSetting(f"{name} is {value!r}: write a whole number from {low} to {high}")
    return int(value)


def env_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``."""
    value = env_text(name, default)
    if value not in choices:
        raise BadSetting(f"{name} is {value!r}: write one of {', '.join(choices)}")
    return value


def env_networks(name: str) -> tuple[str, ...]:
    """Networks, apart by spaces or commas: ``10.1.0.0/16 fd00::/8``; none when it is not set."""
    value = env_text(name, "")
    try:
        return tuple(str(ip_network(one)) for one in value.replace(",", " ").split())
    except ValueError as error:
        raise BadSetting(f"{name} is {value!r}: write networks like 10.1.0.0/16, apart by spaces ({error})") from error


def env_folder(name: str, default: str) -> Path:
    """An absolute folder path. The folder need not exist; a file in its place is refused."""
    path = Path(env_text(name, default)).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise BadSetting(f"{name} is {str(path)!r}: that is a file, a folder is needed")
    return path


def env_secret(name: str, default: str) -> str:
    """The value of ``name``, or the content of the file that ``name_FILE`` names."""
    file = os.environ.get(f"{name}_FILE", "").strip()
    if not file:
        return env_text(name, default)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{name}_FILE is {file!r}: cannot be read ({error.strerror})") from error


def env_database(name: str, *, embedded: Path) -> dict[str, object]:
    """Django's settings of one database: ``postgres://user:password@host:port/name``, or SQLite at ``embedded``."""
    url = env_secret(name, "")
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": embedded,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                # recursive_triggers: without it INSERT OR REPLACE slips past the seals.
                # synchronous=FULL: what was acknowledged survives a power cut.
                # secure_delete: what is deleted or overwritten is gone from the file too.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
                    "PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON;"
                ),
            },
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadSetting(f"{name} must look like postgres://user:password@host:5432/name; without it SQLite is used")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }


@dataclass(frozen=True, slots=True)
class Origin:
    """Where people reach the platform."""

    scheme: str
    host: str
    port: int | None

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")

    @property
    def secure(self) -> bool:
        """Whether what is sent is encrypted on its way."""
        return self.scheme == "https"


def env_origin(name: str, default: str) -> Origin:
    """A scheme, a host and perhaps a port: ``https://work.example``. Refuses a path and anything else."""
    value = env_text(name, default)
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as error:
        raise BadSetting(f"{name} is {value!r}: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise BadSetting(f"{name} is {value!r}: write it like https://work.example or http://localhost:8000")
    return Origin(parts.scheme, parts.hostname, port)


def env_mail(name: str) -> dict[str, object]:
    """Django's settings of mail: ``smtp://user:password@host:587`` (STARTTLS) or ``smtps://…:465``; else printed."""
    url = env_secret(name, "")
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise BadSetting(f"{name} must look like smtp://user:password@host:587 or smtps://user:password@host:465")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_TIMEOUT": 30,
    }


def secret_in(path: Path) -> str:
    """The secret that a file keeps, made when there is none. Of two processes that make it, one wins."""
    if not path.exists():
        for folder in (path.parent.parent, path.parent):  # the first secret makes the home itself
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50) + "\n", encoding="ascii")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()
