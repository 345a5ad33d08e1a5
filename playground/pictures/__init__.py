"""`make pictures`: every screen of the bot, played by a person and drawn as a phone shows it."""
