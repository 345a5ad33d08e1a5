"""The administration of the platform: accounts, money, lines, the system."""
