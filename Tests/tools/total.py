"""Adds up what `make test` left in its folder; the last line is the whole answer."""

import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def counts(report: Path, status: Path) -> tuple[int, int]:
    """Passed and failed of one part. A part that broke off without a failed test counts as one failure."""
    passed = failed = 0
    for case in xml.parse(report).iter("testcase") if report.exists() else ():
        bad = case.find("failure") is not None or case.find("error") is not None
        failed += bad
        passed += not bad and case.find("skipped") is None
    broke_off = status.read_text().strip() != "0"
    return passed, failed or int(broke_off)


def main(folder: Path) -> int:
    passed, failed = 0, 0
    for part, report in (
        ("format", "none"),
        ("unit", "unit-swift-testing.xml"),
        ("blackbox", "blackbox.xml"),
    ):
        more_passed, more_failed = counts(folder / report, folder / f"{part}.status")
        print(f"{part}: {more_passed} passed, {more_failed} failed" if report != "none" else
              f"{part}: {'failed' if more_failed else 'passed'}")
        passed, failed = passed + more_passed, failed + more_failed
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
