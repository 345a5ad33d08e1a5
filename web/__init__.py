"""The HTTP door: health for the platform and, in the playground, the clock."""
