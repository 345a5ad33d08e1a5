"""What else a file may be than an XLSX or CSV, told by its first bytes, and what to do about it."""

import zipfile
from io import BytesIO

SEND_THIS = "Mande a planilha em .xlsx ou .csv."
SAVE_AS = "Abra no Excel (ou no Google Planilhas) e salve como .xlsx, ou como CSV."
OLE_START = b"\xd0\xcf\x11\xe0"
ZIP_START = b"PK"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
START_BYTES = 1024

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "é um PDF"),
    (b"\x89PNG", "é uma imagem"),
    (b"\xff\xd8\xff", "é uma foto"),
    (b"GIF8", "é uma imagem"),
    (b"RIFF", "é uma imagem, um áudio ou um vídeo"),
    (b"Rar!", "está compactado (.rar)"),
    (b"7z\xbc\xaf\x27\x1c", "está compactado (.7z)"),
    (b"\x1f\x8b", "está compactado (.gz)"),
    (b"{\\rtf", "é um texto (.rtf)"),
    (b"SQLite format 3", "é um banco de dados"),
    (b"BEGIN:VCARD", "é uma agenda de contatos (.vcf)"),
)
_TEXT_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "é uma página da internet com nome de planilha"),
    (b"<html", "é uma página da internet com nome de planilha"),
    (b"<table", "é uma página da internet com nome de planilha"),
    (b"<?xml", "é um XML, não uma planilha .xlsx"),
    (b"begin:vcard", "é uma agenda de contatos (.vcf)"),
)
_IN_ZIP: tuple[tuple[str, str], ...] = (
    ("content.xml", "está no formato do LibreOffice (.ods)"),
    ("xl/workbook.bin", "está no formato binário do Excel (.xlsb)"),
    ("index/document.iwa", "está no formato do Numbers (.numbers)"),
    ("index.zip", "está no formato do Numbers (.numbers)"),
    ("word/document.xml", "é um documento do Word"),
    ("ppt/presentation.xml", "é uma apresentação"),
)


def what_else(data: bytes) -> str | None:
    """What `data` is and what to do, for a sentence that begins with the file; None if unknown."""
    if data.startswith(OLE_START):
        if ENCRYPTED in data:
            return f"tem senha. Tire a senha e mande de novo. {SEND_THIS}"
        return f"está no formato antigo (.xls) ou tem senha. {SAVE_AS}"
    if data.startswith(ZIP_START):
        return _in_zip(data)
    found = next((what for start, what in _STARTS if data.startswith(start)), None)
    words = data[:START_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    found = found or next((what for start, what in _TEXT_STARTS if words.startswith(start)), None)
    return found and f"{found}. {SAVE_AS if 'planilha' in found else SEND_THIS}"


def _in_zip(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None
    if "xl/workbook.xml" in names:
        return None
    for part, what in _IN_ZIP:
        if part in names:
            return f"{what}. {SAVE_AS}"
    if any(name.endswith((".xlsx", ".csv", ".xls", ".ods")) for name in names):
        return f"está compactado (.zip). Tire a planilha de dentro dele. {SEND_THIS}"
    return None
