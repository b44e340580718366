"""Pure mathematics on counts and printed figures; imports nothing of regint."""
