"""What the owner is told without having asked."""
