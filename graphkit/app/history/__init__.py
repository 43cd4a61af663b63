"""Use cases about the past: history from git, burn-up, forecast and log."""
