"""One call of the Bot API, read from whichever form it came in: query, form, multipart or JSON."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from playground.telegram_refusals import bad_request


@dataclass(frozen=True, slots=True)
class Call:
    """A method's name, its parameters as text, and uploaded files by form field."""

    method: str
    params: dict[str, str]
    files: dict[str, tuple[str, bytes]]

    @classmethod
    async def read(cls, request: web.Request, method: str) -> "Call":
        """Read the whole request."""
        params: dict[str, str] = dict(request.query)
        files: dict[str, tuple[str, bytes]] = {}
        if request.content_type == "application/json" and request.can_read_body:
            params |= {name: as_text(value) for name, value in (await _json(request)).items()}
        elif request.method == "POST":
            for name, value in (await request.post()).items():
                if isinstance(value, web.FileField):
                    files[name] = (value.filename, value.file.read())
                else:
                    params[name] = str(value)
        return cls(method, params, files)

    @property
    def chat_id(self) -> int | None:
        """The chat meant, if the call names one."""
        raw = self.params.get("chat_id")
        return int(raw) if raw and raw.lstrip("-").isdecimal() else None

    def text(self, name: str, default: str = "") -> str:
        """A parameter as it came."""
        return self.params.get(name, default)

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number, required unless there is a default."""
        raw = self.params.get(name)
        if raw is None and default is not None:
            return default
        try:
            return int(raw or "")
        except ValueError:
            raise bad_request(f"parameter {name} is invalid or missing") from None

    def flag(self, name: str) -> bool:
        """A switch, off unless said."""
        return self.params.get(name, "").lower() in {"true", "1"}

    def json(self, name: str) -> Any:
        """A parameter that carries JSON, or None."""
        raw = self.params.get(name)
        if not raw:
            return None
        try:
            return json.loads(raw)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def require_chat(self) -> int:
        """The chat, which must be named by number."""
        if not self.params.get("chat_id"):
            raise bad_request("chat_id is empty")
        if self.chat_id is None:
            raise bad_request("chat not found")
        return self.chat_id


def as_text(value: Any) -> str:
    """A JSON value the way a form would carry it."""
    return value if isinstance(value, str) else json.dumps(value)


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise bad_request("can't parse JSON object")
    return body
