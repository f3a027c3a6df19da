"""`python -m pyvcs` is `pyvcs`."""

from pyvcs.cli.main import main

main()
