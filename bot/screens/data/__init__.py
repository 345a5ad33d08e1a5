"""The owner's data: taken out, who did what, and the end of the account."""
