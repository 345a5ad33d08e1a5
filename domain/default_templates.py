"""The texts that exist from the first minute (D2): short, personal, and like nobody's spam.

cobranca asks for money, so it names the PIX key; until the owner sets one it waits (D4).
"""

from collections.abc import Mapping

from domain.reminders import Kind
from domain.templates import Template, parse

DEFAULT_TEMPLATES: Mapping[Kind, Template] = {
    Kind.REMINDER_2_DAYS: parse(
        "{saudacao}, {primeiro_nome}! Tudo bem?\n\n"
        "Passando só para lembrar: seu plano vence em 2 dias, {vencimento}. O valor é {valor}.\n\n"
        "Qualquer coisa, é só me chamar por aqui. 😊"
    ),
    Kind.REMINDER_1_DAY: parse(
        "{saudacao}, {primeiro_nome}! Tudo bem?\n\n"
        "Seu plano vence amanhã, {vencimento}. O valor é {valor}.\n\n"
        "Se precisar do PIX, me avise que eu mando."
    ),
    Kind.DUE_TODAY: parse(
        "{saudacao}, {primeiro_nome}! Seu plano vence hoje. O valor é {valor}.\n\n"
        "Para pagar por PIX, a chave é {pix_chave} ({pix_beneficiario}).\n\n"
        "Se já pagou, pode desconsiderar. Obrigado!"
    ),
    Kind.BILLING: parse(
        "{saudacao}, {primeiro_nome}! Tudo bem?\n\n"
        "Seu plano venceu em {vencimento} e ainda não vi o pagamento de {valor} por aqui.\n\n"
        "Para acertar por PIX, a chave é {pix_chave} ({pix_beneficiario}).\n\n"
        "Se já pagou, me mande o comprovante, por favor. Obrigado!"
    ),
    Kind.RENEWAL: parse(
        "{primeiro_nome}, recebi seu pagamento, obrigado! ✅\n\n"
        "Seu plano está renovado até {vencimento}."
    ),
    Kind.WELCOME: parse(
        "{saudacao}, {primeiro_nome}! Seja bem-vindo(a)! 😊\n\n"
        "Seu plano está ativo até {vencimento}. É por este número que eu aviso dos vencimentos.\n\n"
        "Se preferir não receber avisos, responda SAIR."
    ),
    Kind.GENERAL: parse("{saudacao}, {primeiro_nome}! Tudo bem?"),
}
