"""A message in two parts: the text, and the PIX code as a message of its own (D5)."""

from collections.abc import Mapping

from domain.code_alone import CODE, without_code
from domain.templates import Template, filled, render, written


def as_sent(
    template: Template, values: Mapping[str, str | None], *, alone: bool = True
) -> tuple[str, ...]:
    """What the phone will show: one message, or the text and then the code alone (D5).

    `alone`: the owner wants it so, and the kind goes out by itself. A text of nothing but the code
    is one message with nothing but the code.

    Raises:
        MissingValue: names the variables without a value (D4).
        TextTooLong: a message would be too long for the outbox.
    """
    if not alone or CODE not in template.variables:
        return (render(template, values),)
    known = filled(template, values)
    code = written(_PLACE, known)
    text = without_code(template.text)
    return (written(text, known), code) if text else (code,)


_PLACE = f"{{{CODE}}}"
