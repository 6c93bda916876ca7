"""Screens: each coordinates its widgets and the acts asked of them; none draws and none keeps data."""
