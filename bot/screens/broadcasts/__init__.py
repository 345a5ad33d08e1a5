"""What an administrator tells all owners, and how it goes (A11)."""
