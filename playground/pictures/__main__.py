"""`make pictures`: plays the scenes, draws them, and writes the album `docs/telas`.

`make pictures SCENES="inicio hoje"` draws some of them and leaves the others as they are.
"""

import argparse
import asyncio
import sys
import tempfile
import time as stopwatch
from collections.abc import Sequence
from pathlib import Path

import telemetry
from errors import EmDiaError
from playground.pictures.album import ALBUM, file_name, page_of, strangers, write
from playground.pictures.browser import Browser, font_styles, why_not
from playground.pictures.page import Shot, page
from playground.pictures.scenes import SCENES
from playground.pictures.stage import Stage
from playground.pictures.steps import Scene
from playground.rig import RigFailed


async def draw_all(scenes: Sequence[Scene], home: Path) -> int:
    """Draw `scenes` on a system that lives in `home`; returns how many changed.

    Those before them are played as well: what a scene shows is what the others have left.
    """
    changed, styles = 0, font_styles()
    last = max(map(SCENES.index, scenes))
    async with Stage(home) as stage, Browser() as browser:
        for scene in SCENES[: last + 1]:
            shot = await _played(stage, scene)
            if scene not in scenes:
                continue
            picture = await browser.draw(page(shot, styles))
            is_new = await asyncio.to_thread(write, ALBUM / file_name(scene), picture)
            changed += is_new
            say(f"{'✏️' if is_new else '  '} {file_name(scene)} · {len(picture) // 1024} kB")
    return changed


async def _played(stage: Stage, scene: Scene) -> Shot:
    try:
        return await stage.play(scene)
    except RigFailed as error:
        raise RigFailed(f"na cena {scene.name}, {error}") from error


def say(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def asked(arguments: Sequence[str]) -> list[Scene]:
    """The scenes that are asked for; all of them when none is named."""
    names = [scene.name for scene in SCENES]
    parser = argparse.ArgumentParser(prog="make pictures", description="As telas, em figuras.")
    parser.add_argument("scenes", nargs="*", metavar="cena", help=", ".join(names))
    wanted = parser.parse_args(arguments).scenes
    if unknown := sorted({*wanted} - {*names}):
        parser.error(f"não conheço estas cenas: {', '.join(unknown)}")
    return [scene for scene in SCENES if not wanted or scene.name in wanted]


def main(arguments: Sequence[str]) -> int:
    """Draw what is asked for; returns the exit code."""
    scenes = asked(arguments)
    if reason := why_not():
        say(f"Não dá para desenhar aqui: {reason}.")
        return 1
    telemetry.configure("error")
    started = stopwatch.monotonic()
    with tempfile.TemporaryDirectory(prefix="emdia-telas-") as name:
        home = Path(name)
        home.chmod(0o755)  # started by root, PostgreSQL runs as another user
        changed = asyncio.run(draw_all(scenes, home))
    for left_over in strangers():
        left_over.unlink()
    changed += write(ALBUM / "README.md", page_of(SCENES).encode())
    say(
        f"{len(scenes)} telas, {changed} arquivos mudaram · {stopwatch.monotonic() - started:.1f} s"
    )
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except EmDiaError as error:
        sys.exit(f"As figuras pararam: {error}")
