"""What follows from the rules. Pure: time is an argument, no clock, no rows, no I/O; stdlib and croniter only."""
