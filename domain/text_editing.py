"""A text while it is being changed: the working copy, what it was before, what can be put in.

The saved text stays as it is until its owner saves. Each change has a number, so that a button of
an older screen is recognised, and the same press again changes nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.tags import OwnField
from domain.templates import MAX_TEXT_CHARS, VARIABLES
from domain.typed_texts import cleaned, too_many
from errors import InvalidInput

MOST_BACK = 10
"""How many changes can be taken back."""
VARIABLES_A_PAGE = 6
FIRST_OFFERED = (
    "primeiro_nome",
    "valor",
    "vencimento",
    "saudacao",
    "pix_copia_e_cola",
    "plano",
    "nome",
    "dias_de_atraso",
    "dias_para_vencer",
    "pix_chave",
    "pix_beneficiario",
    "vencimento_extenso",
    "servidor",
    "informacoes",
    "status",
    "empresa",
)
"""The variables as they are offered, the most wanted first; the others follow."""
_OWN_LINE = frozenset({"pix_copia_e_cola"})
_BODY, _PAST, _NUMBER, _PAGE, _CLIENT = "body", "past", "at", "page", "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingCopy:
    """A text as it is being written. `at` counts its changes, `past` holds the bodies before.

    `page` is that of the variables on offer, `client_id` whose message is shown (0: the likeliest).
    """

    body: str = field(repr=False)
    past: tuple[str, ...] = field(default=(), repr=False)
    at: int = 0
    page: int = 1
    client_id: int = 0

    def replaced(self, typed: str) -> "WorkingCopy":
        """With what was typed as the whole text; InvalidInput when that is far too long or empty.

        What else is wrong with it is kept, explained, and set right here.
        """
        body = cleaned(typed)
        if not body:
            raise InvalidInput("Escreva o texto inteiro, do jeito que o cliente vai ler.")
        if (over := len(body) - MAX_TEXT_CHARS) > 0:
            raise InvalidInput(too_many(over))
        return self._with(body)

    def with_variable(self, name: str) -> "WorkingCopy":
        """With a variable at the end; InvalidInput when there is no room for it."""
        body = f"{self.body}{_joint(self.body, name)}{{{name}}}"
        if (over := len(body) - MAX_TEXT_CHARS) > 0:
            raise InvalidInput(too_many(over))
        return self._with(body)

    def mended(self, body: str) -> "WorkingCopy":
        """With the text set right."""
        return self._with(body)

    def taken_back(self) -> "WorkingCopy":
        """As it was before the last change; the same where there was none."""
        if not self.past:
            return self
        return replace(self, body=self.past[-1], past=self.past[:-1], at=self.at + 1)

    def packed(self) -> dict[str, str]:
        """As a draft keeps it."""
        return {
            _BODY: self.body,
            _PAST: json.dumps(self.past, ensure_ascii=False),
            _NUMBER: str(self.at),
            _PAGE: str(self.page),
            _CLIENT: str(self.client_id),
        }

    @classmethod
    def unpacked(cls, values: Mapping[str, str]) -> "WorkingCopy":
        """Out of a draft."""
        return cls(
            body=values.get(_BODY, ""),
            past=tuple(json.loads(values.get(_PAST, "[]"))),
            at=int(values.get(_NUMBER, "0")),
            page=int(values.get(_PAGE, "1")),
            client_id=int(values.get(_CLIENT, "0")),
        )

    def _with(self, body: str) -> "WorkingCopy":
        if body == self.body:
            return self
        past = (*self.past, self.body)[-MOST_BACK:]
        return replace(self, body=body, past=past, at=self.at + 1)


@dataclass(frozen=True, slots=True)
class Offered:
    """A variable on offer; `own` is the tenant's own field behind it (C12)."""

    name: str
    own: OwnField | None = None

    @property
    def code(self) -> str:
        """As a button carries it: an own field by its number, whatever it is called by then."""
        return self.name if self.own is None else f"f{self.own.field_id}"


def offered(own: Sequence[OwnField]) -> tuple[Offered, ...]:
    """All variables in the order in which they are offered, the tenant's own after the others."""
    rest = [name for name in VARIABLES if name not in FIRST_OFFERED]
    return (
        *(Offered(name) for name in (*FIRST_OFFERED, *rest)),
        *(Offered(one.variable, one) for one in own),
    )


def _joint(body: str, name: str) -> str:
    """What stands between the text so far and a variable put at its end."""
    if not body:
        return ""
    if name in _OWN_LINE:
        return "" if body.endswith("\n") else "\n"
    return "" if body[-1].isspace() or body[-1] in "([“\"'/" else " "
