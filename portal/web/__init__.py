"""Flask glue: who asks, what may be answered, and how a page becomes a fragment."""
