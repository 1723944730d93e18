"""Who may do what, and where: pure rules, no database, no web."""
