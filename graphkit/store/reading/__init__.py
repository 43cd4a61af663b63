"""Finding, listing and reading the files of a vault."""
