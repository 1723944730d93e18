"""The worker process: serves the queue until it is told to stop."""

import os
import sys
import threading

from flask import Flask

# One long import must not keep a small print batch waiting.
THREADS = 2


def run_worker(app: Flask, *, with_parent: bool = False) -> None:
    """Serve the app's queue; with ``with_parent`` until standard input closes.

    What a dead worker left is taken up first.
    """
    if with_parent:
        threading.Thread(target=_die_with_parent, daemon=True).start()
    app.extensions["sweep_jobs"]()
    consumer = app.extensions["huey"].create_consumer(
        workers=THREADS, initial_delay=0.1, max_delay=1.0
    )
    consumer.run()


def _die_with_parent() -> None:
    # The parent holds the other end: it closes however the parent ends. Read from
    # the bare descriptor: a buffered reader's lock is fatal while Python winds up.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)
