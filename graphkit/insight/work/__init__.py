"""Work trees: progress, expansion, estimates, time states and activity."""
