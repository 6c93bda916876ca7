"""Widgets: each draws one thing and reports, in messages, what a person did to it."""
