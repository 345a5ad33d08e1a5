"""Who did what, in plain words, from the codes in which it was noted (I9)."""

import re
from collections.abc import Mapping
from typing import Any

from domain.text import fold

OWNER = "owner"
_WORDS: Mapping[str, str] = {
    "register client": "cadastrou um cliente",
    "delete client": "apagou um cliente",
    "renew client": "renovou um cliente",
    "pay payment": "anotou um pagamento",
    "void payment": "anulou um pagamento",
    "restore payment": "voltou a contar um pagamento",
    "correct payment": "corrigiu um pagamento",
    "export clients": "baixou a planilha",
    "export everything": "baixou todos os dados",
    "import import": "trouxe clientes de uma planilha",
    "undo import": "desfez uma importação",
    "undo edit": "desfez uma mudança num cliente",
    "undo switch": "desfez a mudança de uma preferência",
    "undo archive": "desfez um arquivamento",
    "undo renew": "desfez uma renovação",
    "undo pay": "desfez um pagamento",
    "undo void": "desfez a anulação de um pagamento",
    "set company": "mudou os dados da empresa",
    "set pix": "mudou a chave PIX",
    "set account": "mudou os dados da conta",
}
_OTHER = "fez uma mudança"
_DONE_BY = {OWNER: "Você"}
_EMDIA = "O EmDia"
_NUMBER = re.compile(r"[\s\d:]+$")


def told(actor: str, action: str, subject: str | None, detail: Mapping[str, Any]) -> str:
    """One sentence without a name; what a later version noted is told as some change."""
    topic = _NUMBER.sub("", (subject or "").split(":")[0]).strip()
    what = _WORDS.get(f"{action} {topic}".strip(), _OTHER)
    return f"{_DONE_BY.get(actor, _EMDIA)} {what}{_counted(detail)}"


def _counted(detail: Mapping[str, Any]) -> str:
    added = detail.get("added")
    if not isinstance(added, int) or isinstance(added, bool):
        return ""
    return f": {added} novo" if added == 1 else f": {added} novos"


def is_yes_to_erase(text: str) -> bool:
    """Whether an owner who was asked to write APAGAR wrote it, and nothing else."""
    return fold(text).strip(" .!\"'“”") == "apagar"
