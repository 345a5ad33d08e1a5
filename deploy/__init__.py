"""The container without a container engine: its Dockerfile read, performed, started, looked at."""
