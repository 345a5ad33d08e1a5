"""Takes the PIX code out of a text, so that it can go as a message of its own (D5).

What stays behind must read as if it had been written so. A line that held only the code goes with
it; at the end of the text a code that something introduces ("PIX: …") leaves the introduction; in
the middle of a sentence words stand where it was. Where text follows, a hint says where the code
is.
"""

CODE = "pix_copia_e_cola"
_PLACE = f"{{{CODE}}}"
HINT = "👇 O código vai na próxima mensagem."
ASIDE = "(na próxima mensagem)"
NAMED = "o código da próxima mensagem"
_PAIRS = {("(", ")"), ("[", "]"), ("<", ">"), ("“", "”"), ("‘", "’")} | {
    (sign, sign) for sign in "*_~`\"'"
}
_SIGNS = "*_~`\"'“”‘’()[]<> "
# What a code stands right behind without a colon.
_INTRODUCE = ("código", "codigo", "pix", "cola")
_ENDS_SENTENCE = (".", "!", "?", "…", ":")


def without_code(text: str) -> str:
    """`text` of a template without the place of the code; empty where nothing else was in it."""
    lines = text.split("\n")
    said = [not _is_alone(line) and bool(line.strip()) for line in lines]
    kept: list[str] = []
    for number, line in enumerate(lines):
        if not _is_alone(line):
            kept.append(_spoken(line, is_last=not any(said[number + 1 :])))
        elif any(said[number:]) and HINT not in kept:
            kept.append(HINT)
    return _spaced(kept) if any(said) else ""


def _is_alone(line: str) -> bool:
    """Whether a line holds the code and no other word."""
    return _PLACE in line and not _has_words(line)


def _has_words(text: str) -> bool:
    return any(map(str.isalnum, text.replace(_PLACE, "")))


def _spoken(line: str, *, is_last: bool) -> str:
    while _PLACE in line:
        line = _bridged(*_unwrapped(*line.split(_PLACE, 1)), is_last=is_last)
    return line


def _unwrapped(before: str, after: str) -> tuple[str, str]:
    """Both sides of the code without the signs that were around it alone (*…*, "…", `…`)."""
    while (before[-1:], after[:1]) in _PAIRS:
        before, after = before[:-1], after[1:]
    return before, after


def _bridged(before: str, after: str, *, is_last: bool) -> str:
    """One line again, of what stood before the code and after it; `is_last`: no text follows it."""
    said = before.rstrip(_SIGNS)
    introduced = said.endswith(":") or said.casefold().endswith(_INTRODUCE)
    if introduced and is_last and not _has_words(after):
        colon = "" if said.endswith(":") else ":"
        return before.rstrip() + colon + after.lstrip(" .,;!")
    if introduced:
        return f"{before.rstrip(': ')} {ASIDE}{after}"
    begins = not _has_words(before) or said.endswith(_ENDS_SENTENCE)
    return before + (NAMED[0].upper() + NAMED[1:] if begins else NAMED) + after


def _spaced(lines: list[str]) -> str:
    """The lines as one text, with never more than one blank line where something was taken out."""
    kept: list[str] = []
    for line in lines:
        if line.strip() or (kept and kept[-1].strip()):
            kept.append(line.rstrip())
    return "\n".join(kept).strip()
