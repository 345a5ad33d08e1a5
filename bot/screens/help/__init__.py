"""The help, in sections."""
