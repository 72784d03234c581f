"""``python -m perfscore`` does what the command ``perfscore`` does."""

import sys

from perfscore.cli import main

if __name__ == "__main__":
    sys.exit(main())
