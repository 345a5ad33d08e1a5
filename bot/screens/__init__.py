"""The screens, one folder for each area and one file for each screen."""
