"""Scenes played on the real system and drawn: as large as a phone, and the same once more."""

import io
import re

import pytest
from PIL import Image

from playground.pictures.album import ALBUM, file_name, page_of, strangers
from playground.pictures.browser import Browser, font_styles, why_not
from playground.pictures.page import page
from playground.pictures.scenes import SCENES
from playground.pictures.stage import Stage
from playground.pictures.steps import Say, Scene, Who
from playground.rig import ROOT
from tests.postgres import fleeting_folder

PHONE = (780, 1688)
MOST_BYTES = 64 * 1024
FEWEST_COLOURS = 32
README = {"inicio", "cliente", "renovar"}
PLAYED = [
    Scene("primeira", "Primeira", "", (Say("/start"),), who=Who.STRANGER),
    Scene("segunda", "Segunda", "", (Say("/ajuda"),), who=Who.STRANGER, dark=True),
]


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels."""
    with Image.open(io.BytesIO(png)) as picture:
        return picture.size


def colours_of(png: bytes) -> int:
    """How many colours there are; a blank page has one."""
    with Image.open(io.BytesIO(png)) as picture:
        return len(picture.convert("RGB").getcolors(picture.width * picture.height) or [])


@pytest.mark.skipif(why_not() is not None, reason=str(why_not()))
async def test_scenes_are_drawn_as_a_phone_shows_them_and_twice_the_same() -> None:
    with fleeting_folder() as home:
        async with Stage(home, business=False) as stage, Browser() as browser:
            shots = [await stage.play(scene) for scene in PLAYED]
            pages = [page(shot, font_styles()) for shot in shots]
            drawn = [await browser.draw(one) for one in pages]
            again = [await browser.draw(one) for one in pages]

    assert drawn == again
    assert [PHONE] * len(PLAYED) == [size_of(one) for one in drawn]
    assert FEWEST_COLOURS <= min(colours_of(one) for one in drawn)
    assert MOST_BYTES >= max(len(one) for one in drawn)


def test_every_scene_has_a_name_of_its_own_and_is_on_the_page_of_the_album() -> None:
    names = [scene.name for scene in SCENES]

    assert sorted({*names}) == sorted(names)
    assert page_of(SCENES) == (ALBUM / "README.md").read_text(encoding="utf-8")


def test_the_pictures_of_the_readme_are_in_the_album() -> None:
    shown = re.findall(r"docs/telas/(\S+\.png)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert [file_name(one) for one in SCENES if one.name in README] == sorted(shown)


def test_the_album_holds_the_picture_of_every_scene_and_no_other() -> None:
    assert [] == [scene.name for scene in SCENES if not (ALBUM / file_name(scene)).exists()]
    assert [] == strangers()
