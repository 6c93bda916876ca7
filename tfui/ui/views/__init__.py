"""The views: what fills the screen between the bars, one at a time, each with its own keys.

Only the schedules are imported with the app; every other view is imported when it is first opened.
"""
