"""Performance claims as commands: each next to a peer or a limit, measured in the same run."""
