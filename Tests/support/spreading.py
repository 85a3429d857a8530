"""Which tests go to the same process where several run at a time (pytest -n 3)."""

import re

from xdist.scheduler import LoadScopeScheduling

# A file's tests stay together: many give their runs one name, and two of a name at a time are not both recorded. In
# these no run has a name of the test's, and most of the time they wait; one process alone would be the last for minutes.
SPREAD = ("test_security_server.py", "test_shield.py")
# A case of the matrix has one program, which is built once, and for several kinds of stdout run alone once.
CASE = re.compile(r"Tests/test_hosts\.py::test_(?:host|system_calls)\[(.+)-\w+\]$")


class Spreading(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        if match := CASE.search(nodeid):
            return f"case {match[1]}"
        file = nodeid.split("::")[0]
        return nodeid if file.endswith(SPREAD) else file
