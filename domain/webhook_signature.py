"""Whether a delivery is Mercado Pago's: its signature, checked in constant time. Pure.

HMAC-SHA256 over `id:<data.id>;request-id:<x-request-id>;ts:<ts>;`, a part that did not come left
out, under the secret of the panel
(https://www.mercadopago.com.br/developers/pt/docs/your-integrations/notifications/webhooks).
What is signed is the id of the query and nothing else: never read another out of the body.
"""

import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

OLDEST = timedelta(hours=24)
"""A delivery that nobody took comes again every 15 minutes, and nobody says whether with a new
`ts`: so a day is let pass. What an old one names is fetched anew, so a replay shows nothing new."""
FARTHEST_AHEAD = timedelta(minutes=5)  # as far as two clocks may be apart
MOST_HEADER_CHARACTERS = 500
FIRST_IN_MILLISECONDS = 10**11  # as seconds it would be of the year 5138, as milliseconds of 1973
# Neither may hold what sets the parts apart, or two deliveries could be signed as one.
DATA_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_REQUEST_ID = re.compile(r"[!-:<-~]{1,200}", re.ASCII)
_TS = re.compile(r"[0-9]{1,16}", re.ASCII)
_V1 = re.compile(r"[0-9A-Fa-f]{64}", re.ASCII)


class Signature(StrEnum):
    """What a signature says of its delivery."""

    VERIFIED = "verified"
    FORGED = "forged"  # it does not fit what came, or is none at all
    STALE = "stale"  # it fits, and is of another day
    MISSING = "missing"


def verify(
    secret: str,
    *,
    data_ids: Sequence[str],
    request_ids: Sequence[str],
    signatures: Sequence[str],
    now: datetime,
) -> Signature:
    """What is to be thought of a delivery with these values, each as often as it came.

    `data_ids` are those of the query (`data.id`), `request_ids` and `signatures` the headers
    `x-request-id` and `x-signature`. Who shows several shows none.
    """
    if not any(one.strip() for one in signatures):
        return Signature.MISSING
    came = _one(data_ids, DATA_ID), _one(request_ids, _REQUEST_ID)
    ts, v1 = _parts(signatures[0]) if len(signatures) == 1 else ("", "")
    if not secret or not ts or not v1 or None in came:
        return Signature.FORGED
    named = zip(("id", "request-id", "ts"), (*came, ts), strict=True)
    signed = "".join(f"{name}:{value};" for name, value in named if value)
    own = hmac.new(secret.encode(), signed.encode(), "sha256").hexdigest()
    if not hmac.compare_digest(own, v1):
        return Signature.FORGED
    age = now.timestamp() - _seconds(ts)
    fresh = -FARTHEST_AHEAD.total_seconds() <= age <= OLDEST.total_seconds()
    return Signature.VERIFIED if fresh else Signature.STALE


def v1_of(signature: str) -> str:
    """The `v1` of a header, lower case, as `verify` reads it; empty where there is none."""
    return _parts(signature)[1]


def _one(values: Sequence[str], form: re.Pattern[str]) -> str | None:
    """The only value there is, empty where there is none; None where it is not usable."""
    if len(values) > 1:
        return None
    value = values[0].strip() if values else ""
    return value if not value or form.fullmatch(value) else None


def _parts(header: str) -> tuple[str, str]:
    """`ts` and `v1` of a header, each empty where it is missing, twice there or of another form."""
    found: dict[str, str] = {}
    pairs = header.split(",") if len(header) <= MOST_HEADER_CHARACTERS else []
    for pair in pairs:
        name, _, value = pair.partition("=")
        name = name.strip().lower()
        found[name] = "" if name in found else value.strip()
    ts, v1 = found.get("ts", ""), found.get("v1", "")
    return ts if _TS.fullmatch(ts) else "", v1.lower() if _V1.fullmatch(v1) else ""


def _seconds(ts: str) -> int:
    """Seconds since 1970 of what comes in seconds or in milliseconds."""
    number = int(ts)
    return number if number < FIRST_IN_MILLISECONDS else number // 1000
