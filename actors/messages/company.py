"""What messages say about the business, between its owner's screens and its tenant (H4)."""

from dataclasses import dataclass

from actors.runtime import Request
from domain.company import CompanyField


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyView:
    """What was told of the business, by field; None where nothing was.

    `used_in` counts the texts that have it.
    """

    values: dict[CompanyField, str | None]
    used_in: dict[CompanyField, int]


@dataclass(frozen=True, slots=True)
class GetCompany(Request[CompanyView]):
    """What was told of the business."""


@dataclass(frozen=True, slots=True)
class SetCompany(Request[CompanyView]):
    """Change one field, as it was typed; an empty text takes it out. Raises InvalidInput."""

    field: CompanyField
    text: str
