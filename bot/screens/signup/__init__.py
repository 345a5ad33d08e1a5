"""The first words, and the three questions that make an account."""
