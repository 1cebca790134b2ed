"""``python -m bot`` is ``baoming``."""

from bot.cli.app import main

if __name__ == "__main__":
    main()
