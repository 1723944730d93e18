"""Where bytes live under the instance folder."""

from pathlib import Path

from flask import current_app

from portal.files.storage import ContentStore


def photos() -> ContentStore:
    """Members' photos."""
    return _store("photos")


def uploads() -> ContentStore:
    """Uploaded rosters, kept until their import is accepted or given up."""
    return _store("uploads")


def exports() -> ContentStore:
    """Files made for people: card images, PDFs, lists for the bank."""
    return _store("exports")


def designs() -> ContentStore:
    """Pictures of card designs, and every file of a published version."""
    return _store("designs")


def _store(name: str) -> ContentStore:
    return ContentStore(Path(current_app.config["PORTAL_INSTANCE"]) / name)
