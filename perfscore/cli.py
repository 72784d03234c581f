"""The command line: hand over to a command, say on stderr what went wrong, answer with an exit code."""

import io
import os
import signal
import sys
from collections.abc import Sequence

from perfscore.arguments import Exit, build_parser
from perfscore.commands import COMMANDS
from perfscore.errors import PerfscoreError, why
from perfscore.inputs import say

__all__ = ["Exit", "main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv : the arguments after the program's name; those of this process if not given

    Examples
    --------
    >>> main(["explain", "PS301"])  # doctest: +ELLIPSIS
    PS301 ...
    0
    """
    _print_any_character()
    if argv is None:  # ended by a service or the system, the processes that share the work end too
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        args = build_parser().parse_args(argv)
    except SystemExit as stop:  # argparse leaves so after --help and after a wrong argument
        return int(stop.code or 0)
    try:
        return int(COMMANDS[args.command](args))
    except BrokenPipeError:  # the reader of the pipe has seen enough, as ``head`` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except PerfscoreError as error:
        say(f"perfscore: {error}")
        return Exit.USAGE
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        say(f"perfscore: 无法读写{place}：{why(error)}；请检查路径、权限和磁盘空间")
        return Exit.USAGE
    except KeyboardInterrupt:
        say("perfscore: 已中断")
        return 130


def _print_any_character() -> None:
    """Print Chinese on a console that was not set up for it, and ``?`` for a character that its encoding lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            try:
                "绩≥".encode(stream.encoding)
            except UnicodeEncodeError:
                stream.reconfigure(encoding="utf-8")
            stream.reconfigure(errors="replace")
