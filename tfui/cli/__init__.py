"""How it is asked on the command line: a contract other tools rely on."""
