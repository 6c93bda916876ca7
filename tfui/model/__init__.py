"""What shape things have: SQLModel tables, Drafts that come in, Rows and Details that go out. No sessions, no queries."""
