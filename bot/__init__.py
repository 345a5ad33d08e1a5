"""What Telegram shows: one module per screen, and how it gets onto the screen."""
