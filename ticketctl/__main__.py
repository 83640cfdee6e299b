"""`python -m ticketctl` is `ticketctl`."""

from ticketctl.cli import main

if __name__ == "__main__":
    main()
