"""The database, and which of several processes works on it: the lease, and the handover."""
