"""What can be taken back, and for how long: undoing beats asking whether somebody is sure."""

from datetime import timedelta
from enum import StrEnum

# Long enough to notice, short enough that nothing else was built on it.
UNDO_FOR = timedelta(minutes=10)
TOO_LATE = "Já passou o tempo de desfazer (10 minutos)."


class Act(StrEnum):
    """What was done; its value is kept."""

    RENEW = "renew"
    PAY = "pay"
    VOID = "void"
    RESTORE = "restore"
    CORRECT = "correct"
    EDIT = "edit"
    SWITCH = "switch"
    ARCHIVE = "archive"
    DROP_TAG = "drop_tag"
    DROP_FIELD = "drop_field"
    IMPORT = "import"
    SCHEDULE = "schedule"
    BY_HAND = "by_hand"
    TEXT = "text"
    CANCEL = "cancel"
    DISMISS = "dismiss"
