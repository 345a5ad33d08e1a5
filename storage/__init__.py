"""PostgreSQL: everything that must outlive the process, one module per table family."""
