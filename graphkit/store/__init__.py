"""The only place that touches a vault's files."""
