"""A day before it comes."""
