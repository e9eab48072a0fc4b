"""`python -m resolve`: the command line."""

from resolve.cli import main

if __name__ == "__main__":
    main()
