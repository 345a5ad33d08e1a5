"""The administration, by area, and who is set aside and told of (A11)."""
