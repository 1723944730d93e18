"""Seeded corpora with known truth: lists, columns, doubles, photo names, attacks."""
