"""A sheet of clients: looked at row by row, taken back, and brought again and again."""

from tests.crawl.errand import Errand
from tests.crawl.typed import GOOD_SHEET, Typed

SHEET = "clientes.csv"


async def bring_a_sheet(errand: Errand) -> None:
    """See what does not enter, register the rest, take it back; the same sheet twice."""
    sheet = Typed("a sheet", GOOD_SHEET, file=SHEET)
    await errand.send(sheet)
    await errand.tap("⚠️", "›", "Voltar", "Cadastrar", "Desfazer a importação", "Outra planilha")
    await errand.send(sheet)
    await errand.tap("Cadastrar")
    await errand.send(sheet)
    await errand.tap("👯 1", "Voltar", "Atualizar", "Desfazer a importação", "Meus clientes")
