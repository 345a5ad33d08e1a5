"""Which column a header is, by what people call it in Portuguese (C11)."""

import pytest

from domain.sheet_columns import Column, column_of, columns_of, status_columns
from domain.text import strip_accents

# Between bars, as people name their columns.
HEADERS: dict[Column | None, str] = {
    Column.NAME: """
        Nome | NOME | nome do cliente | Nome Completo | NOME COMPLETO DO CLIENTE | Cliente |
        CLIENTES | Nome/Cliente | Cliente - Nome | Cliente (nome) | Nome do cliente | Aluno |
        Nome do aluno | Aluna | Assinante | Nome do assinante | Titular | Nome * | Qual seu nome? |
        Digite seu nome completo | nomeCliente | Nomes | Name | Nome do contato | Responsável |
        Razão social | Contato nome | Cliente do WhatsApp
    """,
    Column.PHONE: """
        Telefone | TELEFONE | Tel | Tel. | Fone | Celular | Cel | Cel. | CEL/WHATSAPP |
        Cel/WhatsApp | WhatsApp | Whatsapp | Whats App | Whats | WHATS | Wpp | Zap | Zap Zap |
        Zapzap | WatsApp | Whatssap | Whatsaap | whastapp | Telefone/WhatsApp |
        Telefone (WhatsApp) | Fone/Whats | Nº do Zap | N° WhatsApp | Número do WhatsApp | Numero |
        Número de telefone | Nr. Telefone | Telefone do cliente | Celular do cliente | telefone_1 |
        Telefone1 | Telefone 2 | Telefones | Contato | Contatos | Contato (WhatsApp) | Phone |
        Telefone com DDD | Celular c/ DDD | Qual seu WhatsApp? | Seu número de WhatsApp |
        Telefone do responsável | Link do WhatsApp | Número do celular (com DDD) | Tel. Celular |
        Tel/Cel | Cliente - Telefone
    """,
    Column.DUE_ON: """
        Vencimento | VENCIMENTO | Venc | Venc. | Vcto | Vcto. | Vto | Dt. Venc. | Dt Vencimento |
        DT VENCTO | Data de vencimento | Data do Vencimento | DATA VENC. | DataVencimento |
        data_vencimento | Dia do vencimento | Dia Venc | Dia de vencimento | Vence | Vence em |
        Vence dia | Próximo vencimento | Prox. Venc. | Próx. vencimento | Validade |
        Validade do plano | Válido até | Expira em | Expiração | Data de expiração |
        Data de validade | Vencimento do plano | Vencimento (dia) | Vencimento da mensalidade |
        Próximo pagamento | Data do próximo pagamento | Próxima cobrança | Próxima renovação | Dia |
        Dia de pagamento | Dia do pgto | Pagar até | Renova em | Vencimeto | Vensimento |
        Novo vencimento | Plano vence em | Vence no dia
    """,
    Column.PRICE: """
        Valor | VALOR | Valor (R$) | VALOR R$ | Vlr | Vlr. | VLR R$ | Vl. | Preço | PREÇO | Preco |
        Mensalidade | Valor mensalidade | Valor da mensalidade | Valor mensal | Valor do plano |
        Valor do pacote | Valor cobrado | Valor a pagar | Mensalidade (R$) | Quantia | R$ | (R$) |
        Preço do plano | Valor/mês | Price | Valor Plano
    """,
    Column.PLAN: """
        Plano | PLANO | Pacote | Planos | Plano contratado | Pacote contratado | Nome do plano |
        Nome do pacote | Assinatura | Plano/Pacote | Plano do cliente | Produto | Serviço |
        Modalidade | Plano atual | Tipo de plano | Tipo do pacote
    """,
    Column.SERVER: """
        Servidor | SERVIDOR | Server | Painel | Nome do servidor | Servidor/Painel |
        Painel/Servidor | Serv.
    """,
    Column.NOTES: """
        Obs | Obs. | OBS: | Observação | Observações | OBSERVAÇOES | Observação do cliente |
        Informações | Informações do cliente | Info | Anotações | Notas | Comentários | Detalhes |
        Observacoes gerais
    """,
    Column.STATUS: """
        Status | STATUS | Situação | SITUACAO | Status do cliente | Ativo? | Ativo | Cliente ativo |
        Situação do cliente | Sit. | Ativo/Inativo
    """,
    None: """
        ID | Id | Nº | N° | Nr | # | Item | Código | Cód. cliente | Código do cliente | ID cliente |
        Nº cliente | CPF | CPF/CNPJ | CPF do cliente | RG | E-mail | Email | E-mail do cliente |
        Login | Senha | Usuário | Usuario | Senha do painel | Login do painel | Telas | Qtd telas |
        Tela | App | Aplicativo | Nome do app | Nome do aplicativo | MAC | Key | DNS | URL |
        Data de cadastro | Data cadastro | Dt. Cadastro | Data | Cadastro | Último pagamento |
        Ultimo pgto | Data pagamento | Data do pagamento | Data pgto | Dt. Pagto | Pagamento |
        Pago | Pago? | Pago em | Valor pago | Valor recebido | Valor total | Valor em aberto |
        Valor devido | Custo | Custo do servidor | Valor de custo | Preço de custo |
        Valor do desconto | Lucro | Comissão | Vendedor | Nome do vendedor | Revendedor |
        Indicação | Indicado por | Quem indicou | Cidade | Bairro | Endereço | Rua | CEP | UF |
        Estado | Data de nascimento | Nascimento | Aniversário | Sexo | Idade | Forma de pagamento |
        Meio de pagamento | Cliente desde | Início | Data de início | Data de ativação | Ativação |
        Data de adesão | Último vencimento | Vencimento anterior | Dias para vencer |
        Dias de atraso | Dias restantes | Vencido | Vencidos | Venceu? | WhatsApp enviado |
        Enviar WhatsApp | Mandou zap? | Grupo do WhatsApp | Modelo do celular | Marca do celular |
        IP do servidor | Porta | Link do painel | Créditos do painel | Quantidade de clientes |
        Nome da mãe | Nome de usuário | Carimbo de data/hora | Operadora | Mês | Janeiro |
        Nota fiscal | Multa | Juros | Parcela | Total | Status pagamento | Status do pagamento |
        Situação do pagamento | Data da compra | Dispositivo | Aparelho | Turma | Horário |
        Velocidade | Tipo | Data do contato | Último contato | Valor da adesão |
        Valor da instalação | Custo mensal | Tipo de cliente | A vencer | Link | Plano pago |
        Dia de cadastro | Créditos | Nome do indicado | Desconto | Valor do servidor |
        Tipo de número | Próxima visita | Próximo
    """,
}
CASES = [
    (header.strip(), column) for column, headers in HEADERS.items() for header in headers.split("|")
]


def dressed(header: str) -> tuple[str, ...]:
    """The same header as other hands write it."""
    return (
        header,
        header.upper(),
        f"  {header}: ",
        f"{header} *",
        strip_accents(header),
        header.replace(" ", "\n"),
        header.lower().replace(" ", "_"),
    )


@pytest.mark.parametrize(("header", "column"), CASES, ids=[header for header, _ in CASES])
def test_a_header_is_its_column_or_none_in_every_dress(header: str, column: Column | None) -> None:
    assert dict.fromkeys(dressed(header), column) == {
        dress: column_of(dress) for dress in dressed(header)
    }


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param(
            ("Validade do aplicativo", "Vencimento"), {Column.DUE_ON: 1}, id="an app's own validity"
        ),
        pytest.param(
            ("Valor do plano", "Valor"), {Column.PRICE: 1}, id="of two alike the plainer name"
        ),
        pytest.param(("Telefone 2", "Telefone"), {Column.PHONE: 1}, id="the first phone"),
        pytest.param(("Telefone 2", "Telefone 1"), {Column.PHONE: 1}, id="the phone of number one"),
        pytest.param(("Nome do contato", "Nome"), {Column.NAME: 1}, id="the name itself"),
        pytest.param(
            ("Telefone do responsável", "WhatsApp"), {Column.PHONE: 1}, id="the client's own phone"
        ),
        pytest.param(
            ("Contato", "Telefone"), {Column.NAME: 0, Column.PHONE: 1}, id="contact beside a phone"
        ),
        pytest.param(
            ("Nome", "Contato"), {Column.NAME: 0, Column.PHONE: 1}, id="contact beside a name"
        ),
        pytest.param(
            ("Nome do contato", "Aluno"), {Column.NAME: 1}, id="the pupil before the contact"
        ),
        pytest.param(
            ("Nome do contato", "Telefone"),
            {Column.NAME: 0, Column.PHONE: 1},
            id="a contact's name is no phone",
        ),
        pytest.param(
            ("Servidor", "Custo do servidor"), {Column.SERVER: 0}, id="what a server costs"
        ),
        pytest.param(("Dia", "Vencimento"), {Column.DUE_ON: 1}, id="the clearer due date"),
        pytest.param(
            ("Dia de pagamento", "Dia"), {Column.DUE_ON: 1}, id="of two days the plainer name"
        ),
        pytest.param(("Pagar até", "Dia"), {Column.DUE_ON: 1}, id="a day before a term"),
        pytest.param(
            ("Próximo pagamento", "Vencimento"), {Column.DUE_ON: 1}, id="the due date by its name"
        ),
        pytest.param(
            ("Responsável financeiro", "Responsável"),
            {Column.NAME: 1},
            id="of two doubtful the plainer name",
        ),
        pytest.param(("Painel", "Servidor"), {Column.SERVER: 0}, id="the first of two as plain"),
        pytest.param(
            ("Data de cadastro", "Último pagamento", "Próximo vencimento"),
            {Column.DUE_ON: 2},
            id="dates that are not due",
        ),
    ],
)
def test_of_several_headers_the_clearest_is_taken(
    headers: tuple[str, ...], expected: dict[Column, int]
) -> None:
    assert expected == columns_of(headers)


def test_every_column_that_tells_how_a_client_stands_is_found() -> None:
    headers = ("Status", "Nome", "Situação", "Status do pagamento")

    assert (0, 2) == status_columns(headers)


@pytest.mark.parametrize("header", ["", "  ", "?", "🙂", "1", "—"])
def test_what_names_nothing_is_no_column(header: str) -> None:
    assert column_of(header) is None


def test_no_header_stands_in_the_table_twice() -> None:
    assert len(CASES) == len({header for header, _ in CASES})


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Data do plano", None),
        ("Dia do plano", None),
        ("Data valor", None),
        ("Próximo plano", None),
        ("Data venc", Column.DUE_ON),
        ("Tipo de plano", Column.PLAN),
        ("Tipo de cliente", None),
        ("Número do telefone", Column.PHONE),
        ("Número do plano", None),
        ("Nº do servidor", None),
    ],
)
def test_a_word_before_a_name_goes_only_with_what_it_announces(
    header: str, expected: Column | None
) -> None:
    assert expected == column_of(header)
