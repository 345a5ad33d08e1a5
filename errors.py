"""The one error tree. An error a person can meet carries the Portuguese sentence they read."""


class EmDiaError(Exception):
    """Root of every error EmDia raises on purpose."""

    sentence = "Algo deu errado do nosso lado. Tente de novo em alguns instantes."


# Configuration


class SettingsError(EmDiaError):
    """A setting is not usable, or what it names is not: nothing mends that but whoever set it.

    Its text is for the person at the terminal; of the environment it lists every fault (I6).
    """

    @property
    def sentence(self) -> str:  # type: ignore[override]  # read-only here: it is the message itself
        """The sentence for the person at the terminal."""
        return str(self)


class DatabaseRefused(SettingsError):
    """The database DATABASE_URL names cannot be used as it is; trying again changes nothing."""


class AddressRefused(SettingsError):
    """Nothing can listen where EMDIA_HOST and PORT say."""


class FolderRefused(SettingsError):
    """What must be kept in EMDIA_HOME cannot be."""


class TokenRefused(SettingsError):
    """Telegram does not know the bot's token."""


class WebhookRefused(SettingsError):
    """Telegram will not bring the bot's updates to the address it was given."""


# Actors


class ActorError(EmDiaError):
    """Root of what the actor runtime raises; names the actor it is about."""

    def __init__(self, actor_id: str, detail: str = "") -> None:
        super().__init__(f"{actor_id}: {detail}" if detail else actor_id)
        self.actor_id = actor_id


class MailboxFull(ActorError):
    """The actor is behind. Slow down or drop the message."""

    sentence = "Tem muita coisa na fila agora. Tente de novo em alguns instantes."


class AskTimeout(ActorError):
    """No answer inside the deadline; the work may or may not have been done."""

    sentence = "Está demorando mais que o normal. Tente de novo em alguns instantes."


class ActorStopped(ActorError):
    """The actor is gone, or going, and takes nothing more."""


class ActorCrashed(ActorError):
    """The actor died over an unexpected error, which is this error's `__cause__`."""


class StartFailed(ActorCrashed):
    """The actor could not start; why is this error's `__cause__`."""


class Quarantined(ActorError):
    """The actor spent its restart budget and is set aside until a probe succeeds."""

    sentence = "Sua conta está com um problema técnico. Já fomos avisados e estamos cuidando disso."


class BudgetExhausted(ActorError):
    """A significant child spent its restart budget, so its supervisor gives up too."""


class AskCycle(ActorError):
    """The answer would have to wait for the asker itself."""


class JobFailed(EmDiaError):
    """A scheduled job met something unexpected: it is tried again, and set aside in the end."""


class UnhandledMessage(ActorError):
    """The actor has no handler for this type of message."""


# Domain: what people type


class InvalidInput(EmDiaError):
    """What a person typed or sent cannot be used. Its text is the Portuguese sentence they read."""

    @property
    def sentence(self) -> str:  # type: ignore[override]  # read-only here: it is the message itself
        """The sentence for the person who typed."""
        return str(self)


class AlreadyChanged(EmDiaError):
    """What the owner saw is not so any more, so nothing was done. Its text is what they read."""

    @property
    def sentence(self) -> str:  # type: ignore[override]  # read-only here: it is the message itself
        """The sentence for the owner, which says how it stands now."""
        return str(self)


class CannotUndo(EmDiaError):
    """An act cannot be taken back (any more), so nothing was. Its text is what they read."""

    @property
    def sentence(self) -> str:  # type: ignore[override]  # read-only here: it is the message itself
        """The sentence for the owner, which says why."""
        return str(self)


class MissingValue(EmDiaError):
    """A message cannot be written: its text uses variables that have no value yet (D4)."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """Keep the variables' names, in the order of the text."""
        super().__init__(", ".join(names))
        self.names = names
        shown = ", ".join(f"{{{name}}}" for name in names)
        self.sentence = f"Falta preencher o que o texto usa: {shown}."


class TextTooLong(EmDiaError):
    """A message filled with this client's data is longer than any message may be."""

    def __init__(self, length: int, limit: int) -> None:
        """Keep how many characters it has, and how many it may have."""
        super().__init__(f"{length} of at most {limit} characters")
        self.length = length
        self.limit = limit
        self.sentence = (
            f"Com os dados deste cliente, a mensagem passa de {limit} letras. "
            "Encurte o texto ou as observações do cliente."
        )


# Storage


class StorageError(EmDiaError):
    """Root of what the storage layer raises."""


class StorageUnavailable(StorageError):
    """PostgreSQL did not answer. A write under way may be written or not: repeat it as it was."""

    sentence = "Nosso banco de dados não respondeu. Tente de novo em alguns instantes."


class Unstorable(StorageError):
    """PostgreSQL refuses the value itself, and always will: set it aside, do not repeat it."""


class StaleEpoch(StorageError):
    """Another process owns the tenant by now (or the row moved on); nothing was written."""

    def __init__(self, tenant_id: int, epoch: int) -> None:
        super().__init__(f"tenant {tenant_id}: epoch {epoch} is over")
        self.tenant_id = tenant_id
        self.epoch = epoch


class Superseded(StorageError):
    """A newer process is in charge: this one takes nothing any more."""


class NotFound(StorageError):
    """There is no such thing for this tenant; whether another tenant has it is not told (B2)."""

    sentence = "Não encontrado. Talvez já tenha sido apagado."


class NoSuchTenant(NotFound):
    """Nobody has signed up in this chat: for the person at the terminal, who named it."""

    def __init__(self, tenant_id: int) -> None:
        super().__init__(f"tenant {tenant_id}")
        self.sentence = (
            f"Não existe negócio com o chat {tenant_id} neste banco. Confira o número (é o do chat "
            "do dono com o bot), se ele já mandou /start, e DATABASE_URL ou EMDIA_HOME."
        )


class NotSignedUp(StorageError):
    """This chat has no account yet."""

    sentence = "Você ainda não tem cadastro. Mande /start para começar."


class MigrationRefused(StorageError):
    """The database and the migration files do not belong together; the message says where."""

    @property
    def sentence(self) -> str:  # type: ignore[override]  # read-only here: the message is in it
        """The sentence for the person at the terminal."""
        return f"O banco e os arquivos de migração desta versão não combinam ({self})."


class NoCredentials(StorageError):
    """A WhatsApp session counts as paired, but there is no device to resume."""


class VaultError(StorageError):
    """A sealed value cannot be opened: wrong key, wrong place, or changed."""


class EmbeddedPostgresError(StorageError):
    """The embedded PostgreSQL cannot run here. Its text is for the person at the terminal."""

    @property
    def sentence(self) -> str:  # type: ignore[override]  # read-only here: it is the message itself
        """The sentence for the person at the terminal."""
        return str(self)


# Gateways


class UpdateSetAside(StorageError):
    """An update of Telegram's was tried too often; it is kept, and not tried again."""


class GatewayError(EmDiaError):
    """Root of what talking to another process or cloud raises."""


class ChatUnreachable(GatewayError):
    """The owner blocked the bot, or the chat is gone: nothing can be shown there."""


class MessageRefused(GatewayError):
    """Telegram will never take this message as it is; sending it again changes nothing."""


class TelegramAway(GatewayError):
    """Telegram did not take a message in time; it was taken back, and may be tried again."""


class SidecarError(GatewayError):
    """Root of what the WhatsApp worker and the link to it raise."""


class SidecarGone(SidecarError):
    """The worker is no more. `asked` tells whether the order had left for it before it went."""

    def __init__(self, reason: str, *, asked: bool) -> None:
        super().__init__(reason)
        self.asked = asked


class SidecarTimeout(SidecarError):
    """The worker did not answer in time. `asked` tells whether the order had left for it."""

    def __init__(self, detail: str, *, asked: bool = True) -> None:
        super().__init__(detail)
        self.asked = asked


class SidecarRefused(SidecarError):
    """The worker answered with an error; `code` is one of those of PROTOCOL.md."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class SidecarProtocolError(SidecarError):
    """A frame is not what the protocol says; it costs that frame, and nothing else."""


class SidecarUnreadable(SidecarProtocolError):
    """The worker answered an order with something unreadable; it may have carried it out."""


class SidecarFramesLost(SidecarProtocolError):
    """Where the next frame begins cannot be told any more: the link ends."""


# Payments


class AccessEnded(EmDiaError):
    """Trial or plan is over, or the account is blocked, and this is closed till then (A6)."""

    sentence = "Isso está fechado agora. Abra Minha conta: ela diz o motivo e como voltar."


class PaymentsAway(EmDiaError):
    """Mercado Pago did not answer, or asked to wait; what was asked may have been done or not.

    `retry_after` is how many seconds it wants to be left alone, None where it did not say.
    """

    sentence = "O Mercado Pago não está respondendo agora. Tente de novo em alguns minutos."

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class PaymentRefused(EmDiaError):
    """Mercado Pago refuses what was asked, for good; `code` is its own name for why."""

    sentence = "O Mercado Pago recusou este pagamento. Já avisamos quem cuida do EmDia."

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PaymentConflict(EmDiaError):
    """Mercado Pago knows the idempotency key with another body: what is asked is not what was."""


class ChargeFailed(EmDiaError):
    """An act on a charge met something unexpected: it costs that act, and nobody else's."""
