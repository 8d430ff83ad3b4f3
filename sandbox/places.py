"""Files and directories of the laptop set-up that no other account can read, plant or lead elsewhere.

What lives here: how they are made, and where PostgreSQL finds its own when we are root. What does not: what
is kept in them (``postgres``, ``object_store``, ``kept``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from local.process import ServiceError, unprivileged_account

if TYPE_CHECKING:
    import pwd

# What root makes for PostgreSQL, which does not run as root: nobody else can put anything into /var/lib.
ROOTS_PLACE = Path("/var/lib/jobmarket")

# a name that leads elsewhere is not followed: somebody else may have put it there
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def private_directory(path: Path, mode: int = 0o700) -> Path:
    """Make a directory that belongs to this account, and close it to others; return it.

    :param mode: 0o711 for one whose parts another account must reach by their names.

    Raise :class:`ServiceError` if it is somebody else's, a link, or no directory; nothing is changed then.
    """
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        path.mkdir(mode=mode)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise ServiceError(
            f"{path} is not a directory of this account, so nothing is kept there: remove it, or set "
            f"JOBMARKET_STATE to another place."
        )
    if stat.S_IMODE(found.st_mode) != mode:
        path.chmod(mode)
    return path


def write_private(file: Path, text: str) -> None:
    """Write a file that only this account can read, in the place of one that may be there."""
    written = file.with_name(f".{file.name}.{os.getpid()}")
    written.unlink(missing_ok=True)
    with os.fdopen(os.open(written, _CREATE, 0o600), "w") as out:
        out.write(text)
    written.replace(file)


def give_away(path: Path, owner: pwd.struct_passwd) -> None:
    """Make a directory of ours that is empty another account's, and closed to others."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def is_hidden(path: Path, owner: pwd.struct_passwd) -> bool:
    """Return whether the account cannot reach a path."""
    existing = [part for part in (path, *path.parents) if part.exists()]
    return not all(
        part.stat().st_mode & 0o001 or part.stat().st_uid == owner.pw_uid for part in existing
    )


def postgres_directory(directory: Path) -> Path:
    """Return where a cluster lies: here, or where PostgreSQL's account can enter when we are root."""
    directory = directory.resolve()
    owner = unprivileged_account()
    if owner is None or not is_hidden(directory.parent, owner):
        return directory
    return _roots_place() / hashlib.sha256(str(directory).encode()).hexdigest()[:12]


def _roots_place() -> Path:
    return private_directory(ROOTS_PLACE, 0o711)


def reachable_binaries(binaries: Path, owner: pwd.struct_passwd) -> Path:
    """Return PostgreSQL's programs where the account can run them: as they are, or a copy."""
    if not is_hidden(binaries, owner):
        return binaries
    install = binaries.resolve().parent
    name = hashlib.sha256(str(install).encode()).hexdigest()[:12]
    copy = _roots_place() / f"postgres-{name}"
    if not copy.exists():
        half_made = Path(tempfile.mkdtemp(prefix="postgres.", dir=copy.parent))
        shutil.copytree(install, half_made, dirs_exist_ok=True, symlinks=True)
        half_made.chmod(0o755)
        with suppress(OSError):  # somebody else made it in the meantime
            half_made.rename(copy)
    return copy / "bin"
