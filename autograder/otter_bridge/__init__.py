"""The way in through Otter: a plugin that judges in Otter's process, and what Otter's tools make of a key."""
