"""Commands about metrics and A/B results, and their screens."""
