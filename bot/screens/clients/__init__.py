"""The clients: list, search, card, form, renewal, payments, switches."""
