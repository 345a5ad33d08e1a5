"""How drivers, crawlers and the page see a chat of the Telegram stand-in."""

from playground.telegram_entries import FILE_KINDS, Chat, Entry, Json

SHARED = ("contact", "location", "dice", "poll", "forward_origin")


def seen(entry: Entry, chat: Chat) -> Json:
    """A message with all that a renderer draws. Times are Unix seconds.

    `past` is each form it had (`what`: sent, edited or deleted; `at`, `seq`, `html`, `text`,
    `buttons`, `file`), `toasts` what presses were answered with, `box` what it asks of the typing
    box (see `Markup`), `reply_to` the id of the message it answers.
    """
    reply = entry.extra.get("reply_to_message")
    pinned = entry.extra.get("pinned_message")
    return {
        "message_id": entry.message_id,
        "seq": entry.seq,
        "from": "bot" if entry.from_bot else "person",
        "date": entry.date,
        "text": "" if entry.file else entry.body.text,
        "caption": entry.body.text if entry.file else "",
        "html": entry.source,
        "entities": list(entry.body.entities),
        "buttons": entry.keyboard,
        "box": entry.box,
        **{
            kind: entry.file.file_id if entry.file and entry.file.kind == kind else None
            for kind in FILE_KINDS
        },
        **{name: entry.extra.get(name) for name in SHARED},
        "file_name": entry.file.name if entry.file else None,
        "size": list(entry.file.size) if entry.file else None,
        "via_bot": entry.via_bot,
        "silent": entry.silent,
        "reply_to": reply["message_id"] if reply else None,
        "service": entry.service,
        "pinned": entry.message_id in chat.pinned,
        "pinned_message": pinned["message_id"] if pinned else None,
        "edits": entry.edits,
        "edited_at": entry.edited_at,
        "deleted": entry.deleted,
        "past": list(entry.past),
        "toasts": list(entry.toasts),
    }


def typing_box(chat: Chat) -> Json:
    """What lies around the typing box now: `keyboard` rows or None, `placeholder`, `reply_to`."""
    asked = chat.reply_to.box if chat.reply_to and chat.reply_to.box else {}
    box = chat.box or {}
    return {
        "keyboard": box.get("keyboard"),
        "placeholder": asked.get("placeholder") or box.get("placeholder"),
        "persistent": bool(box.get("persistent")),
        "reply_to": chat.reply_to.message_id if chat.reply_to else None,
    }
