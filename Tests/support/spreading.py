"""Which tests go to the same process where several run at a time (pytest -n 3)."""

import re

from xdist.scheduler import LoadScopeScheduling

# A file's tests stay together: some know the others' runs by name, some share what takes long to make. In these each
# test stands for itself, and most of its time it waits; one process alone would be the last for minutes.
SPREAD = (
    "test_official.py", "test_official_settings.py", "test_security_addresses.py", "test_security_names.py",
    "test_security_reading.py", "test_security_server.py", "test_shield.py",
)  # fmt: skip
# A case of the matrix has one program, which is built once, and for several kinds of stdout run alone once.
CASE = re.compile(r"Tests/test_hosts\.py::test_(?:host|system_calls)\[(.+)-\w+\]$")


class Spreading(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        if match := CASE.search(nodeid):
            return f"case {match[1]}"
        file = nodeid.split("::")[0]
        return nodeid if file.endswith(SPREAD) else file
