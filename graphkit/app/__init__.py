"""Use cases, one function each, between the command line and the core."""
