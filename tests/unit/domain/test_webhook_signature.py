"""A delivery counts as Mercado Pago's only when its signature says so (A4, I8)."""

import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mercadopago.webhook import InvalidWebhookSignatureError, WebhookSignatureValidator

from domain.webhook_signature import FARTHEST_AHEAD, OLDEST, Signature, verify

SECRET = "a-secret-of-the-panel"  # noqa: S105 - invented
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
TS = str(int(NOW.timestamp()))
PAYMENT, REQUEST = "1234567890", "f1e2d3c4-0000-4000-8000-00000000beef"


def signed(text: str, secret: str = SECRET, ts: str = TS) -> str:
    """A header over `text`."""
    return f"ts={ts},v1={hmac.new(secret.encode(), text.encode(), 'sha256').hexdigest()}"


def whole(ts: str = TS, secret: str = SECRET) -> str:
    """The header of a whole delivery."""
    return signed(f"id:{PAYMENT};request-id:{REQUEST};ts:{ts};", secret, ts)


def judged(
    *signatures: str,
    ids: tuple[str, ...] = (PAYMENT,),
    requests: tuple[str, ...] = (REQUEST,),
    secret: str = SECRET,
) -> Signature:
    """What is thought of a delivery."""
    return verify(secret, data_ids=ids, request_ids=requests, signatures=signatures, now=NOW)


@pytest.mark.parametrize("ts", [TS, f"{TS}000", f"{TS}999"], ids=["s", "ms", "late ms"])
def test_a_time_comes_in_seconds_or_in_milliseconds(ts: str) -> None:
    assert Signature.VERIFIED is judged(whole(ts))


@pytest.mark.parametrize(
    ("text", "ids", "requests"),
    [
        pytest.param(f"id:{PAYMENT};ts:{TS};", (PAYMENT,), (), id="no request id"),
        pytest.param(f"id:{PAYMENT};ts:{TS};", (PAYMENT,), (" ",), id="an empty one"),
        pytest.param(f"request-id:{REQUEST};ts:{TS};", (), (REQUEST,), id="no id"),
        pytest.param(f"ts:{TS};", (), (), id="neither"),
        pytest.param(f"id:PPORD01Ab;ts:{TS};", ("PPORD01Ab",), (), id="capitals as they came"),
    ],
)
def test_what_did_not_come_is_left_out_of_what_is_signed(
    text: str, ids: tuple[str, ...], requests: tuple[str, ...]
) -> None:
    assert Signature.VERIFIED is judged(signed(text), ids=ids, requests=requests)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(f" ts={TS} , v1={whole().rpartition('=')[2]} ", id="blanks"),
        pytest.param(f"v1={whole().rpartition('=')[2].upper()},ts={TS}", id="turned, in capitals"),
        pytest.param(f"{whole()},v2=0123,x", id="a version to come beside it"),
    ],
)
def test_a_header_may_be_written_otherwise(header: str) -> None:
    assert Signature.VERIFIED is judged(header)


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(whole(secret=SECRET[:-1]), id="another's secret"),
        pytest.param(whole()[:-1], id="cut"),
        pytest.param(f"{whole()},{whole()}", id="each twice"),
        pytest.param(f"ts=1,{whole()}", id="two times"),
        pytest.param(whole().replace("v1=", "v2="), id="another version"),
        pytest.param(f"v1={whole().rpartition('=')[2]}", id="no time"),
        pytest.param(f"ts={TS}", id="no sum"),
        pytest.param(whole("٣٤"), id="other digits"),
        pytest.param(whole("-5"), id="before all time"),
        pytest.param(whole("9" * 17), id="after all time"),
        pytest.param(whole() + "," + "x" * 500, id="endless"),
        pytest.param("é", id="a letter"),
        pytest.param("\udcff=\udcfe,v1=\udcfd", id="half bytes"),
    ],
)
def test_what_does_not_fit_is_forged(header: str) -> None:
    assert Signature.FORGED is judged(header)


def test_who_shows_a_thing_twice_shows_none() -> None:
    forged = (
        judged(whole(), whole()),
        judged(whole(), ids=(PAYMENT, PAYMENT)),
        judged(whole(), requests=(REQUEST, REQUEST)),
        judged(whole(), "\n"),
    )

    assert (Signature.FORGED,) * 4 == forged


def test_two_parts_never_pass_for_one() -> None:
    stretched = f"{PAYMENT};request-id:{REQUEST}"
    swallowed = f"{REQUEST};ts:{TS}"

    assert (Signature.FORGED, Signature.FORGED) == (
        judged(whole(), ids=(stretched,), requests=()),
        judged(signed(f"request-id:{swallowed};ts:{TS};"), ids=(), requests=(swallowed,)),
    )


def test_another_payments_id_is_not_what_was_signed() -> None:
    assert Signature.FORGED is judged(whole(), ids=("1234567891",))


def test_without_a_secret_nothing_is_verified() -> None:
    assert Signature.FORGED is judged(whole(secret=""), secret="")


@pytest.mark.parametrize("headers", [(), ("",), ("  ",), ("", "")])
def test_no_signature_is_missing(headers: tuple[str, ...]) -> None:
    assert Signature.MISSING is judged(*headers)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(OLDEST, Signature.VERIFIED, id="a day old"),
        pytest.param(OLDEST + timedelta(seconds=1), Signature.STALE, id="older"),
        pytest.param(-FARTHEST_AHEAD, Signature.VERIFIED, id="a clock ahead"),
        pytest.param(-FARTHEST_AHEAD - timedelta(seconds=1), Signature.STALE, id="far ahead"),
        pytest.param(timedelta(days=20_000), Signature.STALE, id="of 1972"),
    ],
)
def test_a_signature_of_another_day_is_stale(age: timedelta, expected: Signature) -> None:
    assert expected is judged(whole(str(int((NOW - age).timestamp()))))


@given(
    id_=st.text("0123456789abcXYZ-_", max_size=12),
    request=st.text("0123456789abcdef-", max_size=12),
    secret=st.text(min_size=1, max_size=20, alphabet=st.characters(codec="utf-8")),
    there=st.booleans(),
)
def test_it_agrees_with_the_official_one(
    id_: str, request: str, secret: str, *, there: bool
) -> None:
    text = f"id:{id_};" * bool(id_) + f"request-id:{request};" * bool(request) + f"ts:{TS};"
    header = signed(text, secret if there else secret + "x")

    assert official(header, request, id_, secret) is judged(
        header, ids=(id_,), requests=(request,), secret=secret
    )


def official(header: str, request: str, id_: str, secret: str) -> Signature:
    """What the SDK says, which knows no time in milliseconds."""
    try:
        WebhookSignatureValidator.validate(header, request, id_, secret)
    except InvalidWebhookSignatureError:
        return Signature.FORGED
    return Signature.VERIFIED


@given(
    ids=st.lists(st.text(max_size=20), max_size=2),
    requests=st.lists(st.text(max_size=20), max_size=2),
    signatures=st.lists(st.text(max_size=80), max_size=2),
)
def test_nothing_anybody_sends_verifies_or_breaks_it(
    ids: list[str], requests: list[str], signatures: list[str]
) -> None:
    said = verify(SECRET, data_ids=ids, request_ids=requests, signatures=signatures, now=NOW)

    assert said in {Signature.FORGED, Signature.MISSING}


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        pytest.param(500, Signature.VERIFIED, id="as long as any"),
        pytest.param(501, Signature.FORGED, id="longer"),
    ],
)
def test_a_header_has_an_end(length: int, expected: Signature) -> None:
    header = whole() + ",x="

    assert expected is judged(header.ljust(length, "a"))
