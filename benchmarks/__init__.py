"""Measurements, and the vaults they are made on."""
