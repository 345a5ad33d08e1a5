"""Sheets in and out: import, export, template."""
