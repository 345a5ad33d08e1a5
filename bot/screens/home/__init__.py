"""The first screen, the home screen and the help."""
