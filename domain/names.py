"""How a message calls a client, from the name as the owner keeps it (D3).

Lists hold "01 - Sr. João", "😀 Ana", "Academia Alfa": what is said is João, Ana, Academia Alfa.
Never nothing, a number, or a title alone.
"""

import re
import unicodedata
from functools import lru_cache

from domain.text import fold, plain

NOBODY = "cliente"
SHORTEST_NAME = 2
# As long as a name may be: some letters, read one by one, are whole words.
LONGEST_NAME = 100
NAMES_KEPT = 16_384  # a client is called several times a day

# Folded. A title before a name is left out; alone it names nobody.
_TITLES = frozenset(
    """
    sr sra srs sras srta sto sta senhor senhora senhorita dona don dom seu seo sinha dr dra drs
    doutor doutora prof profa profe professor professora mestre eng enga engenheiro engenheira
    adv advogado advogada arq pe padre pr pra pastor pastora irmao irma frei bispo sgt sargento
    cap capitao ten tenente cabo soldado mr mrs ms miss cliente clientes aluno aluna assinante
    contato
    """.split()  # noqa: SIM905 - as words, not as a page of quotes
)
# The first word of who is no person: there the whole name is said.
_PLACES = frozenset(
    """
    academia associacao acougue auto autoescola bar barbearia barraca box cafe casa centro
    chacara clinica clube colegio comercial condominio confeitaria construtora consultorio
    cooperativa creche crossfit distribuidora drogaria edificio empresa escola escritorio
    espaco estudio familia farmacia fazenda floricultura grupo hamburgueria hospital hotel
    igreja imobiliaria instituto lanchonete lan loja mercadinho mercado mercearia ministerio
    motel oficina otica padaria papelaria pastelaria pet petshop pizzaria pousada posto
    prefeitura quitanda restaurante salao sitio sorveteria studio supermercado telecom
    transportadora tv
    """.split()  # noqa: SIM905 - as words, not as a page of quotes
)
_COMPANY = re.compile(r"\b(?:ltda|eireli|epp|mei|s/a|s\.a\.|cia)(?!\w)")


@lru_cache(maxsize=NAMES_KEPT)
def first_name(name: str) -> str:
    """What to call whom the owner keeps as `name`; NOBODY when there is no name in it."""
    said = plain(name)
    words = _words(said)
    while words and (fold(words[0]) in _TITLES or _letter_count(words[0]) < SHORTEST_NAME):
        words = words[1:]
    if not words:
        return NOBODY
    if fold(words[0]) in _PLACES or _COMPANY.search(fold(said)):
        return said[said.index(words[0]) :].strip(" -.,;:/|*_~")[:LONGEST_NAME].rstrip()
    return _in_sentence_case(words[0], alone=said.isupper())[:LONGEST_NAME]


def _words(said: str) -> list[str]:
    """Runs of letters, apostrophes and hyphens inside a name kept."""
    spaced = "".join(mark if _is_of_a_name(mark) else " " for mark in said)
    words = [word.strip("'’-") for word in spaced.split()]
    parts = (_split_title(word) for word in words if word)
    return [part for some in parts for part in some]


def _split_title(word: str) -> list[str]:
    title, _, rest = word.partition("-")
    return [title, rest] if fold(title) in _TITLES else [word]


def _is_of_a_name(mark: str) -> bool:
    return unicodedata.category(mark)[0] in "LM" or mark in "'’-"


def _letter_count(word: str) -> int:
    return sum(mark.isalpha() for mark in word)


def _in_sentence_case(word: str, *, alone: bool) -> str:
    # Two capitals are initials (JP), unless the whole list shouts.
    shouted = word.isupper() and (alone or _letter_count(word) > SHORTEST_NAME)
    if not (shouted or word.islower()):
        return word
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
