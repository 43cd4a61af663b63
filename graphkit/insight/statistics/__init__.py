"""Statistics over plain numbers: tests, intervals, forecasts."""
