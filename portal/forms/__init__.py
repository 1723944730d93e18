"""The shapes of what pages send: WTForms, never rights or rules."""
