"""The database, and which of several processes on it works: the lease, and how work is handed over."""
