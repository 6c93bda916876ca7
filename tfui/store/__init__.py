"""What is remembered: sessions, SQL, transactions and migrations. Verbs take a transaction and never open one."""
