"""A real Synapse on a free loopback port, one per test run: users and rooms are a test's own.

    server = Synapse(folder)
    server.start()              # 3 to 4 seconds
    user = server.register("ada")
    server.stop()

Its limits are lifted unless asked otherwise; `sync_response_cache_duration` is 0 because a bot restarted within two
minutes would otherwise be shown a remembered state.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

_SHARED = "only for tests"
_PLENTY = {"per_second": 100_000, "burst_count": 100_000}
REAL_MESSAGES = {"per_second": 0.2, "burst_count": 10}
"""What a Synapse that nobody configured allows."""

SHORT_LIVED = "3s"
"""How long the token of `Synapse.short_login` is good; every other token has no end."""


class ServerError(RuntimeError):
    """Say what the server refused."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class User:
    """A registered user, with a token that belongs to no device a test uses for encryption."""

    id: str
    password: str
    token: str


class Synapse:
    """Start, ask and stop one homeserver."""

    def __init__(
        self, folder: Path, *, messages: dict[str, float] | None = None, settings: dict[str, Any] | None = None
    ) -> None:
        self.folder = folder
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.messages = messages or _PLENTY
        self.settings = settings or {}
        self.process: subprocess.Popen[bytes] | None = None
        self.admin: User | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        key = self.folder / "signing.key"
        if not key.exists():
            key.write_text(f"ed25519 a_test {base64.b64encode(os.urandom(32)).decode().rstrip('=')}\n")
        (self.folder / "log.yaml").write_text(json.dumps(_LOG | {"handlers": _handlers(self.folder / "server.log")}))
        (self.folder / "homeserver.yaml").write_text(json.dumps(self._settings()))
        command = [sys.executable, "-W", "ignore", "-m", "synapse.app.homeserver", "-c"]
        with (self.folder / "output.log").open("ab") as output:
            self.process = subprocess.Popen(
                [*command, str(self.folder / "homeserver.yaml")], stdout=output, stderr=output, cwd=self.folder
            )
        end = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    self.stop()
                    text = (self.folder / "output.log").read_text()[-2000:]
                    raise RuntimeError(f"Synapse did not start: {text}") from None
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server; by its own process, never by name."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def register(self, name: str, *, admin: bool = False) -> User:
        """Register a user; the name gets an ending of its own, so that tests never share one."""
        nonce = self.call("GET", "/_synapse/admin/v1/register")["nonce"]
        user, password = f"{name}-{secrets.token_hex(4)}", secrets.token_hex(8)
        words = "\0".join([nonce, user, password, "admin" if admin else "notadmin"])
        mac = hmac.new(_SHARED.encode(), words.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": user, "password": password, "admin": admin, "mac": mac}
        made = self.call("POST", "/_synapse/admin/v1/register", body)
        return User(made["user_id"], password, made["access_token"])

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """Ask the server; raises `ServerError` for every refusal."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            with error:
                text = error.read()
            try:
                raise ServerError(error.code, json.loads(text)) from None
            except ValueError:
                raise ServerError(error.code, text[:200]) from None

    def short_login(self, user: User, device: str) -> str:
        """Log a device in with a token that soon ends in a soft logout; gives the token."""
        body = {
            "type": "m.login.password", "identifier": {"type": "m.id.user", "user": user.id},
            "password": user.password, "device_id": device, "refresh_token": True,
        }  # fmt: skip
        return str(self.call("POST", "/_matrix/client/v3/login", body)["access_token"])

    def as_admin(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the admin interface."""
        if self.admin is None:
            self.admin = self.register("admin", admin=True)
        return self.call(method, path, body, self.admin.token)

    def limit(self, user: str, per_second: float, burst: int) -> None:
        """Give a user a rate of their own; 0 and 0 lift it."""
        path = f"/_synapse/admin/v1/users/{quote(user)}/override_ratelimit"
        self.as_admin("POST", path, {"messages_per_second": int(per_second), "burst_count": burst})

    def _settings(self) -> dict[str, Any]:
        return {
            "server_name": "localhost",
            "public_baseurl": f"{self.url}/",
            "listeners": [
                {
                    "port": self.port,
                    "bind_addresses": ["127.0.0.1"],
                    "type": "http",
                    "tls": False,
                    "resources": [{"names": ["client", "media"], "compress": False}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "signing_key_path": str(self.folder / "signing.key"),
            "media_store_path": str(self.folder / "media"),
            "pid_file": str(self.folder / "homeserver.pid"),
            "log_config": str(self.folder / "log.yaml"),
            "registration_shared_secret": _SHARED,
            "macaroon_secret_key": "macaroons",
            "form_secret": "forms",
            "trusted_key_servers": [],
            "federation_domain_whitelist": [],
            "report_stats": False,
            "suppress_key_server_warning": True,
            "bcrypt_rounds": 4,
            "refreshable_access_token_lifetime": SHORT_LIVED,
            "presence": {"enabled": False},
            "caches": {"sync_response_cache_duration": "0s"},
            "rc_message": self.messages,
            "rc_registration": _PLENTY,
            "rc_login": {"address": _PLENTY, "account": _PLENTY, "failed_attempts": _PLENTY},
            "rc_joins": {"local": _PLENTY, "remote": _PLENTY},
            "rc_joins_per_room": _PLENTY,
            "rc_invites": {"per_room": _PLENTY, "per_user": _PLENTY, "per_issuer": _PLENTY},
            "rc_room_creation": _PLENTY,
            "rc_media_create": _PLENTY,
            "rc_key_requests": _PLENTY,
            "rc_presence": {"per_user": _PLENTY},
            "rc_user_directory": _PLENTY,
            "rc_profile": _PLENTY,
            "rc_reports": _PLENTY,
            **self.settings,
        }


_LOG: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "root": {"level": "WARNING", "handlers": ["file"]},
}


def _handlers(file: Path) -> dict[str, Any]:
    return {"file": {"class": "logging.FileHandler", "filename": str(file)}}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
