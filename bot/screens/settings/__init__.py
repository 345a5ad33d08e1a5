"""What the owner sets: PIX, and which reminders go by themselves."""
