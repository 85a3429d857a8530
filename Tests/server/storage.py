"""Uploaded files: addresses are given out, and each is good for a PUT of one file."""

import re
import secrets
from urllib.parse import quote

from .artifacts import base64_md5
from .messages import Reply


class Storage:
    def __init__(self, complain):
        self._complain = complain
        self._grants = {}
        self.headers = [f"X-Stand-In-Upload:{secrets.token_hex(4)}"]

    def grant(self, run, name):
        """Signed like a storage host's: only these very characters are good for a PUT."""
        target = f"/storage/{quote(run.path)}/{quote(name)}?Signature={secrets.token_hex(8)}%2B%3D&Expires=1"
        self._grants[target] = (run, name)
        run.granted.add(name)
        return target

    def note_attempt(self, request):
        """A PUT that a fault befalls was tried all the same."""
        run, name = self._grants.get(request.target, (None, None))
        if run:
            run.granted.discard(name)

    def take(self, request):
        granted = self._grants.get(request.target)
        if granted is None or request.method != "PUT":
            self._complain(f"upload to an address never given: {request.method} {request.target}")
            return Reply(403)
        run, name = granted
        if request.has_left():
            # It was given up while the server was slow, and what the client says next is said without it.
            return Reply(499)
        self._check(run, name, request)
        md5 = request.headers.get("content-md5")
        if md5 is not None and md5 != base64_md5(request.body):
            return Reply(400)  # as storage hosts do
        run.files[name] = request.body
        run.requests.append(request)
        return Reply(200)

    def _check(self, run, name, request):
        if "authorization" in request.headers:
            self._complain(f"{run.id}: the key went to storage with {name}")
        if "content-type" in request.headers or "content-length" not in request.headers:
            self._complain(f"{run.id}: {name} wants Content-Length and no Content-Type")
        for header in self.headers:
            key, _, value = header.partition(":")
            if request.headers.get(key.lower()) != value:
                self._complain(f"{run.id}: {name} came without the header {key}")
        if run.complete and not run.writers:
            self._complain(f"{run.id}: {name} uploaded after complete")


def is_file_name(name):
    return bool(name) and not name.startswith("/") and not re.search(r"(^|/)\.\.(/|$)", name)
