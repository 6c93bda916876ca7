"""How it is shown and asked in the terminal. Reads in thread workers, writes through the service, never the store."""
