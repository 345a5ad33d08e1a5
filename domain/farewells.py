"""What a client reads who wrote SAIR, or VOLTAR: once, and nothing after the first (F8)."""

from domain.replies import Wish


def words(wish: Wish, company: str | None) -> str:
    """The confirmation; `company` is who the client knows, where the owner has said it."""
    of_whom = f" de {company}" if company else ""
    if wish is Wish.LEAVE:
        return (
            f"Pronto! Você não recebe mais mensagens automáticas{of_whom}. "
            "Se mudar de ideia, responda VOLTAR."
        )
    return (
        f"Pronto! Você voltou a receber as mensagens{of_whom}. Se não quiser mais, responda SAIR."
    )
