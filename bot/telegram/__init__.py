"""The machinery between Telegram and the screens: it does not grow with them."""
