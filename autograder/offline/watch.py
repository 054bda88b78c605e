"""A time limit for a student's own code on their own computer, on every system."""

from __future__ import annotations

import _thread
import threading
import time

__all__ = ["Watch"]

GRACE = 0.2  # seconds in which an interrupt that came too late is still caught


class Watch:
    """Interrupts the main thread after so many seconds inside its `with` blocks, as Ctrl-C would.

    rang tells that it was the watch, and not a person.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.rang = False

    def ring(self) -> None:
        """The time is over."""
        self.rang = True
        _thread.interrupt_main()

    def __enter__(self) -> None:
        self.timer = threading.Timer(self.seconds, self.ring)
        self.timer.daemon = True
        if threading.current_thread() is threading.main_thread():
            self.timer.start()

    def __exit__(self, kind: object, *_: object) -> None:
        self.timer.cancel()
        if self.rang and kind is not KeyboardInterrupt:  # it rang just after the end
            try:
                time.sleep(GRACE)
            except KeyboardInterrupt:
                self.rang = False
