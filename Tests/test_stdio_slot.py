"""Where stdio is not laid out as expected the library keeps its hands off: the program is as it would be alone, what
does not go through stdio is recorded, and the run says why the rest is not."""

import pytest
from support import journal
from support.case import Case
from support.comparison import differences, lines_of
from support.lab import Lab

DEEDS = {
    "OTHER_TABLES": "stdout has another jump table than expected",
    "OTHER_SLOT": "the write slot is not where it was expected",
    "OTHER_WIDE_SLOT": "the wide write slot is not where it was expected",
    "LOCK_IS_HELD": "the lock of stdout looks different",
}


@pytest.mark.parametrize("kind", ["pipe", "file", "terminal"])
@pytest.mark.parametrize("deed", DEEDS)
def test_another_layout_is_left_alone(deed, kind, lab: Lab, shim, programs):
    case = Case("any", "past_stdio.c")
    alone = lab.run(case, kind, None)
    guest = programs.guest("layout_guest.c", (f"-D{deed}",))
    # The loader starts preloaded libraries from the last to the first.
    tracked = lab.run(case, kind, f"{shim}:{guest}")
    assert differences(case, alone, tracked) == []
    assert f"printf cannot be seen here ({DEEDS[deed]})" in tracked.stderr.decode()
    found = journal.records(journal.run_files(lab.track)[0])
    recorded = lines_of(journal.console(found)["stdout"])
    assert recorded == [line for line in lines_of(alone.stdout.decode()) if "by printf" not in line]
    assert journal.kinds(found)[-1] == "exit"
