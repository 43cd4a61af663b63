"""Writing files of a vault safely, and taking writes back."""
