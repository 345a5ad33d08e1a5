"""The files of the Telegram stand-in: what it takes as a picture or a document, and gives back."""

import io

from PIL import Image, UnidentifiedImageError

from playground.telegram_call import Call
from playground.telegram_entries import Json, StoredFile
from playground.telegram_refusals import Refusal, bad_request
from playground.telegram_world import TelegramWorld

PHOTO_BYTES = 10_000_000
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
DOCUMENT_BYTES = 50_000_000
DOWNLOAD_BYTES = 20_000_000


class Files:
    """Keeps what the bot uploads and tells where to fetch what a person sent."""

    def __init__(self, world: TelegramWorld) -> None:
        self._world = world

    async def get_file(self, call: Call) -> Json:
        """Where to fetch a file; the big ones cannot be."""
        file = self._world.files.get(call.text("file_id"))
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if len(file.data) > DOWNLOAD_BYTES:
            raise bad_request("file is too big")
        return {
            "file_id": file.file_id,
            "file_unique_id": f"u-{file.file_id}",
            "file_size": len(file.data),
            "file_path": f"{file.kind}s/{file.file_id}",
        }

    def meant(self, call: Call, named: str, kind: str) -> StoredFile:
        """The file meant by `attach://field`, by the field itself, or by the id of an older one."""
        upload = call.files.get(named.removeprefix("attach://"))
        if upload is not None:
            return self._keep(*upload, kind)
        known = self._world.files.get(named)
        if known is None or known.kind != kind:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return known

    def _keep(self, name: str, data: bytes, kind: str) -> StoredFile:
        if not data:
            raise bad_request("file must be non-empty")
        if kind == "document":
            if len(data) > DOCUMENT_BYTES:
                raise Refusal(413, "Request Entity Too Large")
            return self._world.keep_file(data, name, kind)
        return self._world.keep_file(data, name, kind, _picture_size(data))


def _picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture Telegram would take as a photo."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            width, height = picture.size
            picture.verify()
    except (UnidentifiedImageError, OSError, SyntaxError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    if len(data) > PHOTO_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    sides = sorted((width, height))
    if sum(sides) > PHOTO_SIDES or sides[1] > sides[0] * PHOTO_RATIO:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height
