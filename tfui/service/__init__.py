"""Who may ask for what: rights, validation and the caller's name on the record, behind one door."""
