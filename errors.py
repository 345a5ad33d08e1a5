"""The one error tree. An error a person can meet carries the Portuguese sentence they read."""


class EmDiaError(Exception):
    """Root of every error EmDia raises on purpose."""

    sentence = "Algo deu errado do nosso lado. Tente de novo em alguns instantes."


# Configuration


class SettingsError(EmDiaError):
    """The environment is not usable; the message lists every fault at once (I6)."""


# Actors


class ActorError(EmDiaError):
    """Root of what the actor runtime raises."""


# Domain: what people type


class InvalidInput(EmDiaError):
    """What a person typed or sent cannot be used. Its text is the Portuguese sentence they read."""

    @property
    def sentence(self) -> str:  # type: ignore[override]  # read-only here: it is the message itself
        """The sentence for the person who typed."""
        return str(self)


# Storage


class StorageError(EmDiaError):
    """Root of what the storage layer raises."""


# Gateways


class GatewayError(EmDiaError):
    """Root of what talking to another process or cloud raises."""
