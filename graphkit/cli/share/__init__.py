"""Commands that hand a vault to others."""
