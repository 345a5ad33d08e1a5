"""What an owner sets up first: PIX, which reminders go by themselves, sample data (A10, E4)."""

from datetime import datetime, timedelta
from decimal import Decimal

from actors.messages.account import (
    AddSamples,
    ChooseReminders,
    GetPix,
    GetReminders,
    PixView,
    Reminder,
    RemindersChanged,
    RemoveSamples,
    SetPix,
    SetReminder,
)
from actors.runtime import on
from actors.tenant.queue import QueuePart
from domain.charter import TenantSettings
from domain.pix import br_code_or_none, parse_pix_key, stored_receiver
from domain.reminders import DAYS_LATE, Kind
from domain.rulebook import Rulebook, rulebook
from domain.samples import sample_client
from domain.schedule import local
from domain.template_values import Facts, values_for
from domain.templates import render
from storage import samples, tenants
from storage.tenants import CompanyDetails

ONE_CENT = Decimal("0.01")
UNSET = "(…)"
"""What a preview shows where the owner has not filled something in yet."""


class SetupPart(QueuePart):
    """Sets up."""

    @on(GetPix)
    async def get_pix(self, _message: GetPix) -> PixView:
        """The key, and a code of one cent to try."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            return _pix(await tenants.settings(tx))

    @on(SetPix)
    async def set_pix(self, message: SetPix) -> PixView:
        """Set it, and look what of today no longer waits for it (D4)."""
        details = CompanyDetails(
            pix_key=parse_pix_key(message.key).value,
            pix_beneficiary=message.beneficiary,
            pix_city=message.city,
        )
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await tenants.set_company(tx, details)
            view = _pix(await tenants.settings(tx))
        await self._plan_if_possible()
        return view

    @on(GetReminders)
    async def get_reminders(self, _message: GetReminders) -> tuple[Reminder, ...]:
        """Which kinds go, each with its text."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            return _reminders(rulebook(await tenants.charter(tx), now), now)

    @on(SetReminder)
    async def set_reminder(self, message: SetReminder) -> RemindersChanged:
        """Set it; the day is planned anew with it (E9). What is no reminder stays as it is."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            kinds = (await tenants.settings(tx)).automatic_kinds
            if message.kind in DAYS_LATE:
                kinds = kinds | {message.kind} if message.on else kinds - {message.kind}
            await tenants.set_automatic_kinds(tx, kinds)
            await tenants.choose_reminders(tx)
            reminders = _reminders(rulebook(await tenants.charter(tx), now), now)
        return RemindersChanged(reminders, await self._plan_if_possible())

    @on(ChooseReminders)
    async def choose_reminders(self, _message: ChooseReminders) -> None:
        """Note that they are as the owner wants them."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            await tenants.choose_reminders(tx)

    @on(AddSamples)
    async def add_samples(self, _message: AddSamples) -> int:
        """Register invented clients, once."""
        now = self.context.clock.now()
        async with self._ports.database.tenant(self._tenant_id) as tx:
            today = local(now, (await tenants.settings(tx)).zone).date()
            return await samples.add(tx, today, now)

    @on(RemoveSamples)
    async def remove_samples(self, _message: RemoveSamples) -> int:
        """Take them away."""
        async with self._ports.database.tenant(self._tenant_id) as tx:
            return await samples.remove(tx)


def _pix(settings: TenantSettings) -> PixView:
    key = settings.pix_key
    receiver = stored_receiver(key, settings.pix_beneficiary, settings.pix_city)
    return PixView(
        key=key.value if key else None,
        kind=key.kind.value if key else None,
        beneficiary=settings.pix_beneficiary,
        city=settings.pix_city,
        code=br_code_or_none(receiver, ONE_CENT),
    )


def _reminders(book: Rulebook, now: datetime) -> tuple[Reminder, ...]:
    return tuple(
        Reminder(
            kind,
            on=kind in book.rules.kinds and kind not in book.rules.without_text,
            preview=_preview(book, kind, now),
        )
        for kind in sorted(DAYS_LATE, key=lambda kind: DAYS_LATE[kind])
    )


def _preview(book: Rulebook, kind: Kind, now: datetime) -> str | None:
    """The text of a kind as an invented client would read it on its day."""
    local_now = local(now, book.zone).replace(
        hour=book.settings.send_at.hour, minute=book.settings.send_at.minute
    )
    today = local_now.date()
    client = sample_client(today - timedelta(days=DAYS_LATE[kind]))
    facts = Facts(client, book.business, today, local_now, book.pix)
    template = book.templates[kind]
    values = values_for(facts, template.variables)
    return render(template, {name: value or UNSET for name, value in values.items()})
