"""Reads and row steps; every one of personal data takes keyword ``scope``."""
