"""A message in two parts: the text, and the PIX code as a message of its own (D5)."""

import re
from collections.abc import Mapping

from domain.templates import Template, parse, render

CODE = "pix_copia_e_cola"
_PLACE = f"{{{CODE}}}"


def as_sent(
    template: Template, values: Mapping[str, str | None], *, alone: bool = True
) -> tuple[str, ...]:
    """What the phone will show: one message, or the text and then the code alone (D5).

    Raises:
        MissingValue: names the variables without a value (D4).
        TextTooLong: a message would be too long for the outbox.
    """
    whole = render(template, values)
    if not alone or CODE not in template.variables:
        return (whole,)
    code = render(Template(_PLACE, (CODE,)), values)
    rest = re.sub(r"\n{3,}", "\n\n", template.text.replace(_PLACE, "")).strip()
    if not rest:
        return (code,)
    own = [name for name in template.variables if name != CODE]
    return (render(parse(rest, own), values), code)
