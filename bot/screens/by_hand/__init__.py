"""Messages by hand: to one client, now or for a moment to come."""
