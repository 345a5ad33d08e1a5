"""The owner's own subscription: paying it, what became of it, and the receipts (A2–A5, A9)."""
