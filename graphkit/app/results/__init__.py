"""Results of the use cases as frozen values, and their JSON."""
