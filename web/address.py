"""Where to listen, and why that cannot be, as a sentence for whoever chose it."""

import errno
import socket

from errors import AddressRefused


def probe(host: str, port: int) -> None:
    """Try the address before anything is started: who is in the way may be another EmDia at work.

    Raises:
        AddressRefused: nothing can listen there.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in found:
            with socket.socket(family, kind, protocol) as taken:
                taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    taken.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                taken.bind(address)
    except OSError as error:
        refusal = refusal_of(error, host, port)
        if refusal is not None:
            raise refusal from error


def refusal_of(error: OSError, host: str, port: int) -> AddressRefused | None:
    """What to tell of it; None when the address is not what is wrong."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return AddressRefused(
            f"EMDIA_HOST={host} não é um endereço desta máquina. Use 127.0.0.1 (só daqui) ou "
            "0.0.0.0 (também de fora)."
        )
    if error.errno == errno.EADDRINUSE:
        return AddressRefused(
            f"A porta {port} já está em uso nesta máquina, talvez por outro EmDia. Encerre o outro "
            "programa ou escolha outra porta em PORT."
        )
    if error.errno == errno.EACCES:
        return AddressRefused(
            f"Sem permissão para escutar na porta {port}: abaixo de 1024 só quem administra a "
            "máquina. Escolha outra em PORT."
        )
    return None
