"""A dry run as the owner's screen shows it (C11)."""

from collections.abc import Mapping

from actors.messages.sheets import ImportReview, SampleRow, SeenColumn
from domain.import_decision import Left, LeftRow, Weighed
from domain.import_preview import ImportPreview
from domain.import_report import doubts

FIRST_BAD = 3


def reviewed(weighed: Weighed, name: str) -> tuple[ImportReview, Mapping[Left, list[LeftRow]]]:
    """The dry run of the file called `name`, numberless yet, and all rows that do not enter."""
    found = weighed.found
    left = {which: weighed.left(which) for which in Left}
    review = ImportReview(
        import_id=0,
        file_name=name,
        tab=found.reading.tab,
        columns=tuple(
            SeenColumn(use.header, use.column and use.column.value) for use in found.columns
        ),
        new=len(found.clients),
        doubles=len(found.duplicates),
        known=sum(same.first_row is None for same in found.duplicates),
        bad=len(found.faults),
        left_out=len(found.left_out),
        first_bad=tuple(left[Left.BAD][:FIRST_BAD]),
        sample=_sample(found),
        notes=tuple(doubts(found)),
    )
    return review, left


def _sample(found: ImportPreview) -> tuple[SampleRow, ...]:
    return tuple(
        SampleRow(
            row=entry.row,
            name=entry.client.name,
            phone=entry.client.phone,
            price=entry.client.price,
            due_on=entry.client.due_on,
            plan=entry.client.plan,
            server=entry.client.server,
            notes=entry.client.notes,
            tags=entry.client.tags,
        )
        for entry in found.sample
    )
