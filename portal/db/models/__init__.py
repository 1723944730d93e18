"""Every table of the portal, one module a subject."""

from portal.db.models.audit import AuditEntry
from portal.db.models.cards import (
    BankExport,
    BatchFile,
    Campaign,
    CardRequest,
    NumberCounter,
    PrintBatch,
    PrintCard,
    RequestEvent,
    ReservedNumber,
    Roster,
)
from portal.db.models.designs import (
    CardDesign,
    DesignDraft,
    DesignEdit,
    DesignVersion,
)
from portal.db.models.intake import (
    ImportPhoto,
    ImportRow,
    RosterColumn,
    RosterImport,
)
from portal.db.models.jobs import Job
from portal.db.models.likeness import DifferentPeople, ImportLikeness
from portal.db.models.members import Member, Photo
from portal.db.models.officers import (
    Officer,
    OneTimeCode,
    Post,
    SignInAttempt,
    SignInSession,
)
from portal.db.models.units import Unit

__all__ = [
    "AuditEntry",
    "BankExport",
    "BatchFile",
    "Campaign",
    "CardDesign",
    "CardRequest",
    "DesignDraft",
    "DesignEdit",
    "DesignVersion",
    "DifferentPeople",
    "ImportLikeness",
    "ImportPhoto",
    "ImportRow",
    "Job",
    "Member",
    "NumberCounter",
    "Officer",
    "OneTimeCode",
    "Photo",
    "Post",
    "PrintBatch",
    "PrintCard",
    "RequestEvent",
    "ReservedNumber",
    "Roster",
    "RosterColumn",
    "RosterImport",
    "SignInAttempt",
    "SignInSession",
    "Unit",
]
