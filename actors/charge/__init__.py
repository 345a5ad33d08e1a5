"""Which of several processes works: the lease, where it leaves us, and how work is handed over."""
