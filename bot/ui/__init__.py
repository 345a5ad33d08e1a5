"""What every screen is made of: views, buttons, pages, words."""
