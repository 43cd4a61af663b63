"""What a vault is: its configuration, its layout, and how pages are named. Opens no file."""
