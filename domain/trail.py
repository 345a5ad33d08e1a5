"""Who did what, in plain words, from the codes in which it was noted (I9)."""

import re
from collections.abc import Mapping
from typing import Any

from domain.due_dates import count_days
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
    "schedule": "mudou os horários ou o que sai sozinho",
    "by_hand make": "escreveu uma mensagem",
    "by_hand": "mudou uma mensagem escrita",
    "queue now message": "passou uma mensagem para a frente",
    "queue cancel message": "cancelou uma mensagem",
    "queue cancel_all message": "cancelou as mensagens de um cliente",
    "queue retry message": "mandou tentar uma mensagem de novo",
    "queue stopped": "parou os envios",
    "queue goes on": "voltou a enviar",
    "bill late": "cobrou quem tinha ficado sem cobrança",
    "dismiss": "deixou de cobrar quem tinha ficado sem cobrança",
    "client wrote leave": "não manda mais a um cliente, que escreveu SAIR",
    "client wrote return": "volta a mandar a um cliente, que escreveu VOLTAR",
    "erase account": "apagou a conta",
    "give days": "deu dias de acesso",
    "take days back": "retirou dias que tinha dado",
    "block": "bloqueou a conta",
    "unblock": "desbloqueou a conta",
    "undo": "desfez uma mudança",
}
_OTHER = "fez uma mudança"
_DONE_BY = {OWNER: "Você"}
_EMDIA = "O EmDia"
_NUMBER = re.compile(r"[\s\d:]+$")


def told(actor: str, action: str, subject: str | None, detail: Mapping[str, Any]) -> str:
    """One sentence without a name; what a later version noted is told as some change."""
    topic = _NUMBER.sub("", (subject or "").split(":")[0]).strip()
    if topic.startswith("text "):
        return f"{_DONE_BY.get(actor, _EMDIA)} mudou um texto"
    known = (f"{action} {topic}".strip(), f"{action} {topic.partition(' ')[0]}", action)
    what = next((_WORDS[one] for one in known if one in _WORDS), _OTHER)
    who = _EMDIA if action.startswith("client wrote") else _DONE_BY.get(actor, _EMDIA)
    return f"{who} {what}{_counted(detail)}"


def _counted(detail: Mapping[str, Any]) -> str:
    days = detail.get("days")
    if isinstance(days, int) and not isinstance(days, bool):
        return f": {count_days(days)}"
    added = detail.get("added")
    if not isinstance(added, int) or isinstance(added, bool):
        return ""
    return f": {added} novo" if added == 1 else f": {added} novos"


def is_yes_to_erase(text: str) -> bool:
    """Whether an owner who was asked to write APAGAR wrote it, and nothing else."""
    return fold(text).strip(" .!\"'“”") == "apagar"
