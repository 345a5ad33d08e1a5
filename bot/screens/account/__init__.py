"""The owner's own account."""
