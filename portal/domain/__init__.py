"""Rules only: standard library, no clock, no database."""
