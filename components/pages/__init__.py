"""The pages: one module each, with a `show()` that puts it on the screen."""

EXPLORE = "explore"
READING = ("stories", "answer", "arrivals", "changes", "disputes", "sources", "glossary", "method")
"""The pages beside the map, in the order of the menu; each name is its module, its address and its title's key."""
