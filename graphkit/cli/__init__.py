"""The command line: options are parsed and results printed here."""
