"""Statistics of A/B tests: numbers in, numbers out."""
