"""One short program per tool that is measured: it loads a vault, counts what the tool tells, and prints it as JSON."""
