"""The texts of messages: the list, one of them, its editor and its preview."""
