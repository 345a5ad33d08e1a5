"""Brazil's time zones in the words people use for them: by a city, a state or its capital (E1)."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from domain.text import fold, plain
from errors import InvalidInput

# One name for each clock; who lives elsewhere under the same one finds it by a typed name.
ZONES: Mapping[str, str] = {
    "Brasília": "America/Sao_Paulo",
    "Manaus": "America/Manaus",
    "Cuiabá": "America/Cuiaba",
    "Rio Branco": "America/Rio_Branco",
    "Fernando de Noronha": "America/Noronha",
}
_NAMES = {zone: words for words, zone in ZONES.items()}
_BRASILIA = (
    "sao paulo, sp, rio de janeiro, rj, rio, minas gerais, mg, belo horizonte, bh, df, "
    "distrito federal, goias, go, goiania, parana, pr, curitiba, santa catarina, sc, "
    "florianopolis, rio grande do sul, rs, porto alegre, espirito santo, es, vitoria, bahia, ba, "
    "salvador, sergipe, se, aracaju, alagoas, al, maceio, pernambuco, pe, recife, paraiba, pb, "
    "joao pessoa, rio grande do norte, rn, natal, ceara, ce, fortaleza, piaui, pi, teresina, "
    "maranhao, ma, sao luis, tocantins, to, palmas, para, pa, belem, amapa, ap, macapa"
)
_OTHERS = {
    "America/Manaus": "amazonas, am, rondonia, ro, porto velho, roraima, rr, boa vista",
    "America/Cuiaba": "mato grosso, mt, mato grosso do sul, ms, campo grande, cuiaba",
    "America/Rio_Branco": "acre, ac, rio branco",
    "America/Noronha": "noronha",
}
_ZONE_OF = {
    place.strip(): zone
    for zone, places in {"America/Sao_Paulo": _BRASILIA, **_OTHERS}.items()
    for place in places.split(",")
} | {fold(words): zone for words, zone in ZONES.items()}


def parse_zone(text: str) -> ZoneInfo:
    """The zone of a place in Brazil as people name it; raises InvalidInput."""
    place = fold(plain(text)).strip(" .,;").removeprefix("horario de ").removeprefix("hora de ")
    if place not in _ZONE_OF:
        raise InvalidInput("Não achei esse lugar. Escreva o estado ou a capital, assim: Manaus.")
    return ZoneInfo(_ZONE_OF[place])


def zone_words(zone: ZoneInfo) -> str:
    """What people call it."""
    return _NAMES.get(zone.key, zone.key.rpartition("/")[2].replace("_", " "))
