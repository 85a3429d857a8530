"""Adds up what `make test` or `make test-glibc` left in its folder; the last line is the whole answer."""

import sys
import xml.etree.ElementTree as xml
from pathlib import Path

# The format check has no report: it is one check, and its exit status says all.
REPORTS = {"format": None, "unit": "unit-swift-testing.xml", "blackbox": "blackbox.xml", "alone": "alone.xml"}


def counts(folder: Path, part: str, name: str | None) -> tuple[int, int]:
    """Passed and failed. A part that broke off before it could name a failure counts as one."""
    succeeded = (folder / f"{part}.status").read_text().strip() == "0"
    if name is None:
        return int(succeeded), int(not succeeded)
    passed = failed = 0
    report = folder / name
    for case in xml.parse(report).iter("testcase") if report.exists() else ():
        bad = case.find("failure") is not None or case.find("error") is not None
        failed += bad
        passed += not bad and case.find("skipped") is None
    return passed, failed or int(not succeeded or not passed)


def main(folder: Path, reports: dict[str, str | None]) -> int:
    passed = failed = 0
    for part, name in reports.items():
        more_passed, more_failed = counts(folder, part, name)
        print(f"{part}: {more_passed} passed, {more_failed} failed")
        passed, failed = passed + more_passed, failed + more_failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    named = {part: f"{part}.xml" for part in sys.argv[2:]}
    sys.exit(main(Path(sys.argv[1]), named or REPORTS))
