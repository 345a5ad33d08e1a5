"""The album `docs/telas`: which file a scene has, and the page that shows them all."""

from collections.abc import Sequence
from pathlib import Path

from playground.pictures.scenes import SCENES
from playground.pictures.steps import Scene
from playground.rig import ROOT

ALBUM = ROOT / "docs" / "telas"
HEAD = """# As telas do EmDia

Cada figura é o que o celular mostra depois dos toques de uma cena: o bot, o negócio e o banco são
de verdade, as pessoas são inventadas, e é sempre quarta-feira, 25/11/2026. Quem as desenha é
`make pictures`, a partir de `playground/pictures/scenes.py`; uma figura só muda quando a tela muda.
"""


def file_name(scene: Scene) -> str:
    """The picture of `scene`, numbered by its place in the album."""
    return f"{SCENES.index(scene) + 1:02}-{scene.name}.png"


def page_of(scenes: Sequence[Scene]) -> str:
    """The page of the album, in Markdown."""
    shown = [
        f"## {number}. {scene.title}\n\n{scene.tells}\n\n"
        f'<img src="{file_name(scene)}" width="390" alt="{scene.title}">\n'
        for number, scene in enumerate(scenes, 1)
    ]
    return "\n".join([HEAD, *shown])


def write(file: Path, data: bytes) -> bool:
    """Write `file` unless it holds `data` already; whether it was written."""
    if file.exists() and file.read_bytes() == data:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return True


def strangers(folder: Path = ALBUM) -> list[Path]:
    """The pictures that belong to no scene any more."""
    known = {file_name(scene) for scene in SCENES}
    return sorted(file for file in folder.glob("*.png") if file.name not in known)
