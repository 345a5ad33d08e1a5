"""What a column of a sheet is, by what people call it in Portuguese; what is in doubt is not read.

A header is read as a phrase: the word it begins with decides ("Valor do plano" is a price, "Custo
do servidor" nothing EmDia reads), and the words after it may take that back ("Valor pago").
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.text import fold, plain


class Column(StrEnum):
    """What EmDia reads from a sheet; the value is how it is called to people."""

    NAME = "nome"
    PHONE = "telefone"
    DUE_ON = "vencimento"
    PRICE = "valor"
    PLAN = "plano"
    SERVER = "servidor"
    NOTES = "observações"
    STATUS = "situação"
    TAGS = "etiquetas"
    AGREED_DAY = "dia combinado"
    # Of a sheet of ours only (C10): no other name is ever taken for these.
    BILLING = "recebe cobranças"
    NOTICES = "recebe avisos"
    OWN = "campo próprio"


NEEDED = (Column.NAME, Column.PHONE, Column.PRICE, Column.DUE_ON)
# A doubtful name ("Contato", "Dia") is a column only where no clearer one is.
DOUBTFUL = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a header may be; of several headers for one column the lowest rank is taken."""

    column: Column
    rank: int


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that say nothing of their own, before or between the others.
_FILLERS = _words_of(
    "o a os as de do da dos das d em no na nos nas para p por pra e ou com c ao um uma seu sua meu "
    "minha qual r rs brl reais informe digite escreva insira favor campo coluna completo completa "
    "novo nova atual cliente clientes aluno aluna assinante contratado mes"
)
_PREFIXES = _words_of("data dt dta dia prox proximo proxima prxm")
_NUMBERS = _words_of("n no nr nro num numero numeros link")
_KIND = "tipo"

_HEADS: tuple[tuple[Column, re.Pattern[str]], ...] = tuple(
    (column, re.compile(pattern))
    for column, pattern in (
        (Column.STATUS, r"status|situacao|sit|ativ[oa]s?|inativ[oa]s?|cancelad[oa]s?"),
        (
            Column.NOTES,
            (
                r"obs|obss|observ\w*|info|infos|inform\w*|anotac\w*|notas?|comentarios?|coment"
                r"|detalhes?|lembretes?"
            ),
        ),
        (
            Column.DUE_ON,
            r"ven[cs](?!id|eu|ed|er)\w*|vcto?|vecto|vto|vcmto|validade|valid[oa]|expir\w*|due",
        ),
        (
            Column.PHONE,
            (
                r"telefones?|telefon\w*|telef|tels?|fones?|celular(?:es)?|cels?|phone|mobile"
                r"|wpps?|wp|wats\w*|zaps?|zapzap|w[hatsz]{3,6}(?:a*p+)?s?"
            ),
        ),
        (Column.PRICE, r"valor(?:es)?|vlrs?|vl|vr|precos?|mensalidades?|quantia|price"),
        (Column.SERVER, r"servidor(?:es)?|serv|server|painel|paineis"),
        (Column.PLAN, r"planos?|pacotes?|pcte?|plan"),
        (Column.TAGS, r"etiquetas?|tags?"),
        (Column.NAME, r"nomes?|clientes?|alun[oa]s?|assinantes?|name|titular"),
    )
)
_DOUBTFUL_HEADS: tuple[tuple[re.Pattern[str], tuple[Column, ...]], ...] = tuple(
    (re.compile(pattern), columns)
    for pattern, columns in (
        (r"contatos?", (Column.PHONE, Column.NAME)),
        (r"responsavel|apelido|paciente|morador|razao|fantasia", (Column.NAME,)),
        (r"assinaturas?|produtos?|servicos?|modalidades?", (Column.PLAN,)),
    )
)
_INTRODUCE = _FILLERS | _PREFIXES | _NUMBERS | {_KIND}
# What takes a header's meaning back, wherever it stands in it.
_NEVER = _words_of(
    "ultimo ultima ultimos ultimas anterior anteriores passado passada antigo antiga "
    "pago pagos paga pagas pagou pagamento recebido recebida recebidos "
    "custo custos lucro lucros comissao desconto descontos multa juros adesao instalacao taxa "
    "total totais soma subtotal saldo divida debito devido devidos devendo aberto atraso atrasado "
    "atrasada atrasadas desde cadastro cadastrado cadastrada cadastral criacao criado inicio "
    "inicial entrada compra ativacao nascimento aniversario "
    "enviado enviada enviados envio enviar mandou avisado avisada aviso cobrado cobranca ok "
    "grupo operadora modelo marca email mail cpf cnpj rg cep endereco rua bairro cidade uf estado "
    "login senha telas tela conexoes dispositivo dispositivos aparelho app aplicativo mac key dns "
    "url vendedor vendedora revenda revendedor indicacao indicado indicou mae pai conjuge fiscal "
    "forma metodo meio unitario credito creditos quantidade qtd qtde parcela parcelas usuario "
    "emergencia restante restantes faltam vencido vencida vencidos vencidas venceu codigo cod"
)
_DESPITE = {Column.PRICE: frozenset({"cobrado", "cobrada"}), Column.PHONE: frozenset({"usuario"})}
_WHATSAPP = re.compile(r"(?i)w[ahts]{3,6}\s?z?ap+|zap\s?zap")
_GLUED = re.compile(r"(data|dt|dia|nome|numero|telefone|celular|valor|preco)([a-z]{4,})")
# A column of an agreed payment day is a due date only where it says that it is the day to come.
_PAYMENTS = _words_of("pagamento pagto pgto pgmto pag cobranca renovacao renovar parcela")
_UPCOMING = _words_of("prox proximo proxima prxm")
_SECOND = _words_of(
    "secundario secundaria alternativo fixo residencial recado recados comercial outro outra "
    "emergencia responsavel contato"
)
# Other days on which something ends, and prices of other terms: read where nothing else is there.
_NEVER_DUE = _words_of("cnh exame exames atestado certificado cartao documento documentos teste")
_SELDOM = {
    Column.DUE_ON: _words_of("contrato seguro garantia licenca matricula"),
    Column.PRICE: _words_of("anual semestral trimestral bimestral quinzenal semanal diario diaria"),
    Column.PHONE: _words_of("empresa loja suporte"),
}
# "Nome do plano" is the plan: what a name is of, where that is a column itself.
_NAMED = {"plano": Column.PLAN, "pacote": Column.PLAN, "servidor": Column.SERVER}


def candidates(header: str) -> tuple[Candidate, ...]:
    """What `header` may be, the likeliest first; empty when it is nothing that EmDia reads."""
    words = _words(header)
    if not words or words == ["r"]:
        return ("r$" in fold(header)) * (Candidate(Column.PRICE, DOUBTFUL),)
    if Column.STATUS in {_head(word) for word in words[:2]} and not _is_payment(words):
        return (Candidate(Column.STATUS, len(words)),)
    prefixes, (head, *rest) = _split(words)
    if payment := _payment_day(words, head):
        return (payment,)
    found = _from_head(prefixes, head, rest)
    if found is None:
        return _doubtful(prefixes, head, rest)
    taken_back = _NEVER & set(words) - {head} - _DESPITE.get(found.column, frozenset())
    return () if taken_back else (found,)


def column_of(header: str) -> Column | None:
    """The column that `header` names, with or without accents, or None."""
    return next((candidate.column for candidate in candidates(header)), None)


def columns_of(headers: Sequence[str]) -> dict[Column, int]:
    """Where each known column stands; of two alike the plainer name counts, then the first."""
    wishes = sorted(
        (
            (order * DOUBTFUL + candidate.rank, position, candidate.column)
            for position, header in enumerate(headers)
            for order, candidate in enumerate(candidates(header))
        ),
        key=lambda wish: wish[:2],
    )
    found: dict[Column, int] = {}
    taken: set[int] = set()
    for _, position, column in wishes:
        if column not in found and position not in taken:
            found[column] = position
            taken.add(position)
    return found


def status_columns(headers: Sequence[str]) -> tuple[int, ...]:
    """Every column that says by its name how the client stands."""
    return tuple(
        position for position, header in enumerate(headers) if column_of(header) is Column.STATUS
    )


def area_code_column(headers: Sequence[str]) -> int | None:
    """Where the area code has a column of its own, beside the phone's."""
    return next((place for place, header in enumerate(headers) if _words(header) == ["ddd"]), None)


def _words(header: str) -> list[str]:
    # "DataVencimento", "telefone_2" and "NOMECLIENTE" are several words to whoever wrote them.
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", " ", plain(header).replace("_", " "))
    joined = _WHATSAPP.sub("whatsapp", spaced)
    words = re.findall(r"[a-z]+|[0-9]+", re.sub(r"(?i)\be-?mail\b", "email", fold(joined)))
    return [part for word in words for part in _unglued(word)]


def _unglued(word: str) -> list[str]:
    glued = _GLUED.fullmatch(word)
    if glued is None or _head(word) is not None or _head(glued[2]) is None:
        return [word]
    return [glued[1], glued[2]]


def _split(words: list[str]) -> tuple[set[str], list[str]]:
    """The words that only introduce, and the rest from the deciding word on."""
    for place, word in enumerate(words):
        introduces = word in _INTRODUCE
        if not introduces or (_head(word) is not None and not _follows_head(words[place + 1 :])):
            return set(words[:place]), words[place:]
    return set(words[:-1]), words[-1:]


def _follows_head(words: list[str]) -> bool:
    """Whether a deciding word comes right after, as in "Cliente - Nome"; "de" would bind them."""
    return bool(words) and words[0] not in _FILLERS and _head(words[0]) is not None


def _head(word: str) -> Column | None:
    matches = (column for column, pattern in _HEADS if pattern.fullmatch(word))
    return next(matches, None)


def _from_head(prefixes: set[str], head: str, rest: list[str]) -> Candidate | None:
    column = _head(head)
    if column is Column.NAME and (named := [_NAMED[word] for word in rest if word in _NAMED]):
        column = named[0]
    if column is None or not _may_introduce(prefixes, column):
        return None
    of = {_head(word) for word in rest}
    if column is Column.PRICE and Column.SERVER in of:
        return None
    if column is Column.PLAN and Column.DUE_ON in of:
        column = Column.DUE_ON
    if column is Column.NAME and "contato" in rest:
        return Candidate(column, DOUBTFUL)
    if column is Column.DUE_ON and not _NEVER_DUE.isdisjoint(rest):
        return None
    seldom = _SECOND | _SELDOM.get(column, frozenset())
    second = DOUBTFUL * (bool(seldom & set(rest)) or any(word.isdigit() for word in rest))
    return Candidate(column, len(prefixes) + len(rest) + 1 + second - ("1" in rest) * DOUBTFUL)


def _may_introduce(prefixes: set[str], column: Column) -> bool:
    """Whether "Data …" or "Número …" may stand before the name of `column`."""
    if prefixes & _PREFIXES and column is not Column.DUE_ON:
        return False
    if _KIND in prefixes and column is not Column.PLAN:
        return False
    return not prefixes & _NUMBERS or column is Column.PHONE


def _payment_day(words: list[str], head: str) -> Candidate | None:
    if not _UPCOMING.isdisjoint(words) and not _PAYMENTS.isdisjoint(words):
        return Candidate(Column.DUE_ON, len(words))
    if words[0] == "dia" and head in {"dia", *_PAYMENTS}:
        return Candidate(Column.DUE_ON, DOUBTFUL + len(words))
    until = {"ate", "em", "dia"} & set(words)
    if words[0] in {"pagar", "paga", "renovar", "renova"} and until:
        return Candidate(Column.DUE_ON, DOUBTFUL + len(words))
    return None


def _doubtful(prefixes: set[str], head: str, rest: list[str]) -> tuple[Candidate, ...]:
    if prefixes & _PREFIXES or not _NEVER.isdisjoint({head, *rest}):
        return ()
    if {head, *prefixes} <= _NUMBERS and head in {"numero", "numeros"} and not rest:
        return (Candidate(Column.PHONE, DOUBTFUL),)
    for pattern, columns in _DOUBTFUL_HEADS:
        if pattern.fullmatch(head) and not prefixes & _NUMBERS:
            said = [column for column in columns if column in map(_head, rest)]
            likeliest = said or columns
            return tuple(Candidate(column, DOUBTFUL + len(rest)) for column in likeliest)
    return ()


def _is_payment(words: list[str]) -> bool:
    return not {"pagamento", "pagto", "pgto", "cobranca", "envio", "mensagem"}.isdisjoint(words)
