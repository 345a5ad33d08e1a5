"""The rules of the business, pure: no input or output, no clock, nothing of the other packages."""
