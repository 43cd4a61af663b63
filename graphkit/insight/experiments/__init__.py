"""Experiments: lifecycle, health, goals, strategies, readouts."""
