"""The groups of rows. Each is a function that takes a Bench and gives tables."""
