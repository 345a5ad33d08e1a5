"""How the Bot API says no."""


class Refusal(Exception):
    """An answer that is not `ok`: an HTTP status and the words that go with it."""

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad_request(what: str) -> Refusal:
    """The caller's mistake."""
    return Refusal(400, f"Bad Request: {what}")


def forbidden(what: str) -> Refusal:
    """The person does not want it."""
    return Refusal(403, f"Forbidden: {what}")


def conflict(what: str) -> Refusal:
    """Two ways of getting updates at once."""
    return Refusal(409, f"Conflict: {what}")


def flooded(seconds: int) -> Refusal:
    """Too fast; come back in `seconds`."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", seconds)
