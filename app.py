"""The entry: the WSGI `app`, and the commands of `python app.py`."""

from typing import Any


def __getattr__(name: str) -> Any:
    """Build the WSGI app when a server asks for it, not when a command starts."""
    if name == "app":
        from portal.factory import create_app

        globals()["app"] = create_app()
        return globals()["app"]
    raise AttributeError(name)


if __name__ == "__main__":
    import os
    import sys

    # What this writes is thousands of people's data: its owner's alone.
    os.umask(0o077)
    try:
        from portal.cli import main
    except ModuleNotFoundError as missing:
        sys.exit(
            f"Thiếu gói {missing.name}: chưa cài đặt, hoặc gọi nhầm Python."
            " Chạy bằng: .venv/bin/python app.py"
        )
    main()
