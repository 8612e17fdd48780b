"""The doors of the whole platform on the web: the shell, sign-in, home, search, help, health."""
