"""What a scrape says, read as Prometheus reads it."""

import re
from collections.abc import Mapping, Sequence

from prometheus_client.parser import text_string_to_metric_families

from deploy import metrics

NAME = re.compile(r"\bemdia_[a-z_]+")
# Whose it is must never be a label, nor hide in the value of one.
FORBIDDEN = {"tenant", "tenant_id", "chat", "chat_id", "client", "name", "phone", "jid", "id"}
LONG_NUMBER = re.compile(r"\d{5,}")

Samples = Mapping[str, Mapping[tuple[tuple[str, str], ...], float]]
"""The values of each metric by its labels; a histogram goes by how much it has counted."""


def read(text: str) -> Samples:
    """All samples of a scrape; ValueError where it is not in the format."""
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(sorted(sample.labels.items()))
            found.setdefault(sample.name.removesuffix("_count"), {})[labels] = sample.value
    return found


def moved(scrapes: Sequence[Samples]) -> set[str]:
    """The metrics of ours that are not in each scrape what they are in every other.

    What is 0 and what is not there yet are the same.
    """
    names = {name for scrape in scrapes for name in scrape if NAME.fullmatch(name)}
    return {
        name
        for name in names
        if any(_values(scrapes[0], name) != _values(one, name) for one in scrapes[1:])
    }


def _values(scrape: Samples, name: str) -> Mapping[tuple[tuple[str, str], ...], float]:
    return {labels: value for labels, value in scrape.get(name, {}).items() if value}


def told_labels(scrape: Samples) -> list[tuple[str, str]]:
    """The labels of our metrics that name somebody, or could."""
    return [
        (name, f"{label}={value}")
        for name, values in scrape.items()
        if NAME.fullmatch(name)
        for labels in values
        for label, value in labels
        if label in FORBIDDEN or (LONG_NUMBER.search(value) and label not in {"le", "emdia"})
    ]


def documented() -> set[str]:
    """The metrics of ours that docs/deploy.md names."""
    return {name for name in metrics.documented() if NAME.fullmatch(name)}
