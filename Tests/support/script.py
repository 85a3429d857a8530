"""Runs api_script.c, a linked program that does what its words say."""

from .library import ROOT
from .online import Ended, Online


class Script(Online):
    """The program, on a machine whose user has logged in to the server."""

    def argv(self, *words, source="api_script.c"):
        folder = self._shim.parent
        flags = (f"-I{ROOT / 'build/include'}", f"-L{folder}", "-ltrackshim", f"-Wl,-rpath,{folder}")
        return [*self._programs.argv(source, flags), *map(str, words)]

    def environment(self, tracked=False, **options):
        return super().environment(tracked=False, **options)

    def act(self, *words, limit=60.0, **settings) -> Ended:
        return self.run(*words, source="api_script.c", limit=limit, **settings)
