"""What the buttons about sheets say."""

from aiogram.filters.callback_data import CallbackData

from domain.import_decision import Doubles, Left

SEND_SHEET = "sheet"
"""The screen that asks for a sheet."""
EXPORT = "export"
"""The screen that hands everything over."""
TEMPLATE = "template"
"""The screen that hands the sheet to fill in over."""


class ShowImport(CallbackData, prefix="im"):
    """What a sheet would do, or did."""

    import_id: int


class ShowImportRows(CallbackData, prefix="ir"):
    """The rows of a sheet that do not simply enter."""

    import_id: int
    which: Left
    page: int = 1


class Confirm(CallbackData, prefix="ic"):
    """Register what a sheet brings."""

    import_id: int
    doubles: Doubles


class TakeBack(CallbackData, prefix="iu"):
    """Undo an import."""

    import_id: int
