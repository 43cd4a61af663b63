"""Metrics: their series, scores and names, and where texts mention them."""
