"""The parts of the administration."""
