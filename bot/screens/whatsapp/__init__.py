"""WhatsApp in the chat: how it stands, and the code to pair with."""
