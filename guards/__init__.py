"""The chosen libraries that bound memory and pressure, each wired once, each with a metric."""
