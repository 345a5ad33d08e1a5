"""WhatsApp: its workers, what a session's line is made of, and the courier that sends."""
