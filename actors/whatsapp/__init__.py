"""What WhatsApp is made of here: its workers, a session's line, and the courier that sends over it."""
