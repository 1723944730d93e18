"""The time in Việt Nam: services ask here, rules take it as an argument."""

from datetime import UTC, date, datetime, timedelta, timezone

# Việt Nam has kept UTC+7 without summer time since 1975.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Give the present moment, in UTC, to the microsecond."""
    return datetime.now(UTC)


def today() -> date:
    """Give today's date in Việt Nam."""
    return datetime.now(VIETNAM).date()
