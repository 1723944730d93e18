"""Long work on a queue: thin tasks over services; truth lives in rows."""
