"""What the buttons about sheets say."""

SEND_SHEET = "sheet"
"""The screen that asks for a sheet."""
EXPORT = "export"
"""The screen that hands everything over."""
