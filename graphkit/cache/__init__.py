"""What is kept between two commands, in the user's cache folder."""
