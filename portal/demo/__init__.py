"""Sample data that looks like what offices really send; no real person in it."""
