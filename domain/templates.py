"""Message texts with variables: checked when saved, filled when sent (D3, D4).

A variable is `{name}` and nothing else uses braces. A text that cannot be filled completely is not
filled at all: no placeholder ever reaches a client.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from domain.text import fold, whole
from errors import InvalidInput, MissingValue, TextTooLong

MAX_TEXT_CHARS = 2000
# What the outbox keeps: a legal text with legal values can be longer.
MAX_MESSAGE_CHARS = 4096
NEAR_ENOUGH = 0.6

VARIABLES: Mapping[str, str] = {
    "nome": "nome do cliente",
    "primeiro_nome": "primeiro nome do cliente",
    "telefone": "telefone do cliente",
    "plano": "plano do cliente",
    "valor": "valor do plano",
    "servidor": "servidor do cliente",
    "vencimento": "data do vencimento (25/12/2026)",
    "vencimento_extenso": "vencimento por extenso (25 de dezembro de 2026)",
    "dias_para_vencer": "quantos dias faltam",
    "dias_de_atraso": "quantos dias de atraso",
    "status": "situação (vence hoje, atrasado há 1 dia…)",
    "saudacao": "Bom dia, Boa tarde ou Boa noite",
    "data_atual": "data de hoje",
    "hora_atual": "hora de agora",
    "empresa": "nome da sua empresa",
    "empresa_telefone": "telefone da sua empresa",
    "suporte": "contato do seu suporte",
    "pix_chave": "sua chave PIX",
    "pix_beneficiario": "nome de quem recebe o PIX",
    "pix_copia_e_cola": "PIX copia e cola com o valor certo",
    "informacoes": "observações do cliente",
}

_BRACES = re.compile(r"\{([^{}]*)\}")
_ANY_BRACE = re.compile(r"\{[^{}]*\}|[{}]")
# What a client's own data may bring along must not look like a placeholder.
_HARMLESS = str.maketrans("{}", "()")


@dataclass(frozen=True, slots=True)
class Template:
    """A checked text. `variables` are its variables in order, each once."""

    text: str
    variables: tuple[str, ...]


def parse(text: str, own: Collection[str] = ()) -> Template:
    """`text` as a template; raises InvalidInput for unknown names and unbalanced braces.

    `own` are the variables of the tenant's own fields, known besides `VARIABLES` (C12).
    """
    body = whole(text).strip()
    if not body:
        raise InvalidInput("O texto está vazio.")
    if len(body) > MAX_TEXT_CHARS:
        raise InvalidInput(f"O texto vai até {MAX_TEXT_CHARS} letras.")
    names = _BRACES.findall(body)
    # Unknown names first: "{nome da pessoa" has both faults, and the name is the one to mend.
    if unknown := [name for name in names if name not in VARIABLES and name not in own]:
        raise InvalidInput(_unknown(unknown[0], [*VARIABLES, *own]))
    if stray := re.search(r"[{}]", _BRACES.sub("", body)):
        raise InvalidInput(
            f"Tem uma chave “{stray[0]}” sem par. Escreva as variáveis assim: {{nome}}."
        )
    return Template(body, tuple(dict.fromkeys(names)))


def stored(text: str) -> Template | None:
    """A text as it was kept, whatever version checked it, or None when nothing is in it.

    Never raises: a variable that is known no more has no value, so its message waits (D4).
    """
    body = _ANY_BRACE.sub(_harmless_if_alone, whole(text).strip())
    return Template(body, tuple(dict.fromkeys(_BRACES.findall(body)))) if body else None


def render(template: Template, values: Mapping[str, str | None]) -> str:
    """The text with every variable filled: at most MAX_MESSAGE_CHARS, and whole characters only.

    Raises:
        MissingValue: names the variables without a value (D4).
        TextTooLong: what they hold makes the message too long for the outbox.
    """
    return written(template.text, filled(template, values))


def filled(template: Template, values: Mapping[str, str | None]) -> dict[str, str]:
    """What stands for each variable of `template`; raises MissingValue as `render` does."""
    known = {name: _clean(values.get(name)) for name in template.variables}
    if missing := tuple(name for name, value in known.items() if not value):
        raise MissingValue(missing)
    return known


def written(text: str, known: Mapping[str, str]) -> str:
    """`text` with what is `known` of each of its variables; raises TextTooLong as `render` does."""
    words = _BRACES.sub(lambda braces: known[braces[1]], whole(text))
    if len(words) > MAX_MESSAGE_CHARS:
        raise TextTooLong(len(words), MAX_MESSAGE_CHARS)
    return words


def uses(body: str) -> tuple[str, ...]:
    """The names between braces in `body`, in their order, as often as they stand there."""
    return tuple(_BRACES.findall(body))


def nearest(name: str, known: Collection[str]) -> str | None:
    """The one of `known` that was most likely meant by `name`, or None when nothing is near."""
    by_folded = {one.replace("_", " "): one for one in known}
    typed = " ".join(fold(name).replace("_", " ").split())
    begun = [one for one in by_folded if typed and one.startswith(typed)]
    near = begun or get_close_matches(typed, by_folded, n=1, cutoff=NEAR_ENOUGH)
    return by_folded[near[0]] if near else None


def _harmless_if_alone(found: re.Match[str]) -> str:
    return found[0].translate(_HARMLESS) if len(found[0]) == 1 else found[0]


def _clean(value: str | None) -> str:
    return whole(value or "").strip().translate(_HARMLESS)


def _unknown(name: str, variables: Collection[str]) -> str:
    near = nearest(name, variables)
    hint = f" Você quis dizer {{{near}}}?" if near else ""
    return f"Não conheço a variável {{{name}}}.{hint}"
