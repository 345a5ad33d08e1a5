"""What a rehearsal finds of the metrics that the guide promises."""

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from deploy.metrics import documented, told_of


def test_a_metric_is_there_before_anything_happened() -> None:
    registry = CollectorRegistry()
    Counter("emdia_falls_total", "Falls", ["family"], registry=registry)
    Histogram("emdia_wait_seconds", "Waits", registry=registry)

    assert {"emdia_falls_total", "emdia_wait_seconds"} == told_of(
        generate_latest(registry).decode()
    ) - {"emdia_wait_seconds_created"}


def test_commands_and_roles_of_the_guide_are_no_metrics(tmp_path: Path) -> None:
    guide = tmp_path / "deploy.md"
    guide.write_text("`emdia_jobs_due`, `process_open_fds`; `python -m emdia_cli` por `emdia_app`")

    assert {"emdia_jobs_due", "process_open_fds"} == documented(guide)


def test_the_guide_promises_metrics() -> None:
    assert {"emdia_standing", "emdia_database_up", "process_open_fds"} <= documented()
