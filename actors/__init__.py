"""The actor runtime and the actors that live on it."""
