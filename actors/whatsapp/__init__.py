"""What one WhatsApp session is made of: the line, and the courier that sends over it."""
