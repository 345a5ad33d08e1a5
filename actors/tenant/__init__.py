"""A tenant's handlers by area; `tenant_actor` puts them together."""
