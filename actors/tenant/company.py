"""What messages say about the business (H4, D3)."""

from actors.messages.company import CompanyView, GetCompany, SetCompany
from actors.runtime import on
from actors.tenant.desk import Desk, DeskPart
from domain.company import READ, CompanyField
from storage import audit, tenants


class CompanyPart(DeskPart):
    """Keeps what the owner told of the business."""

    @on(GetCompany)
    async def get_company(self, _message: GetCompany) -> CompanyView:
        """What was told."""
        async with self._desk() as desk:
            return _view(desk)

    @on(SetCompany)
    async def set_company(self, message: SetCompany) -> CompanyView:
        """Change a field, or take it out; what waited for it is looked at again (D4)."""
        text = message.text.strip()
        value = READ[message.field](text) if text else None
        async with self._desk() as desk:
            await tenants.set_business(desk.tx, message.field, value)
            await audit.note(desk.tx, "set", f"company {message.field}", desk.now)
        await self._plan_if_possible()
        async with self._desk() as desk:
            return _view(desk)


def _view(desk: Desk) -> CompanyView:
    settings = desk.charter.settings
    texts = desk.book.templates.values()
    return CompanyView(
        values={
            CompanyField.COMPANY: settings.company,
            CompanyField.PHONE: settings.company_phone,
            CompanyField.SUPPORT: settings.support,
        },
        used_in={
            field: sum(field.value in template.variables for template in texts)
            for field in CompanyField
        },
    )
