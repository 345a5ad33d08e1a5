"""Local stand-ins for the clouds, and what makes the system go without any of them."""
