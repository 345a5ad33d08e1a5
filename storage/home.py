"""The folder of what is kept on this machine: for its user alone, also where it was not before.

The playground keeps the keys of its vault here, written whole or not at all. Keys that are gone
are made anew only where the database says that nothing is sealed under them.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from domain.environment import is_ring
from errors import FolderRefused
from storage.vault import new_key

OTHERS = 0o077
# PostgreSQL's own user has to walk through, where root hands the server to it.
WALKABLE = 0o711
PRIVATE = 0o700
KEYS = "vault.keys"
LOG = "emdia.log"


def prepare(home: Path) -> None:
    """Make `home` and close to others what is in it; new files are closed by the umask.

    Raises:
        FolderRefused: it cannot be made or written to.
    """
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        os.umask(OTHERS)
        home.mkdir(mode=PRIVATE, exist_ok=True)
        if home.stat().st_uid == os.geteuid():
            home.chmod(_mode_of(home))
        for path in _kept(home):
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
        probe = home / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise FolderRefused(
            f"Não consigo guardar nada na pasta {home} ({_reason(error)}). Dê permissão a ela, ou "
            "escolha outra em EMDIA_HOME."
        ) from error


def has_keys(home: Path) -> bool:
    """Whether the keys of a playground are here, and usable."""
    try:
        return is_ring((home / KEYS).read_text(encoding="utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return False


def playground_ring(home: Path) -> str:
    """The playground's key ring, made at its first start; its database was asked before."""
    file = home / KEYS
    if not has_keys(home):
        home.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        draft = home / f"{KEYS}.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as ring:
            ring.write(new_key("playground"))
            ring.flush()
            os.fsync(ring.fileno())
        draft.replace(file)
    return file.read_text(encoding="utf-8").strip()


def _mode_of(home: Path) -> int:
    """As closed as may be; a home that others may enter in part is somebody's wish to respect."""
    return WALKABLE if os.geteuid() == 0 else stat.S_IMODE(home.stat().st_mode) & ~OTHERS


def _kept(home: Path) -> Iterator[Path]:
    """What EmDia keeps there, of this user; PostgreSQL closes its own folder."""
    for name in (KEYS, LOG, f"{LOG}.1", "clouds"):
        top = home / name
        for path in [top, *(top.rglob("*") if top.is_dir() else ())]:
            if path.exists() and not path.is_symlink() and path.stat().st_uid == os.geteuid():
                yield path


def _reason(error: OSError) -> str:
    return {
        "PermissionError": "sem permissão",
        "FileExistsError": "já existe um arquivo com esse nome",
        "NotADirectoryError": "no caminho há um arquivo onde devia haver uma pasta",
    }.get(type(error).__name__, "o disco não deixa")
