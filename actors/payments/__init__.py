"""The parts of `payments_actor`: what the platform is paid."""
