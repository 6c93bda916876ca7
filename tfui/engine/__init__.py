"""When it happens: threads, loops and waiting. It plans, claims and settles through the store and never asks the service."""
