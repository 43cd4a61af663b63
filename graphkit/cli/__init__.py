"""The command line: parsing of options and printing, nothing else."""
