"""How one job is carried out: an order in, an outcome out. No store, no schedule."""
