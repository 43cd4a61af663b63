"""Tests, intervals, posteriors and sample sizes: numbers in, numbers out."""
