"""hanging_disk.py FOLDER MOUNT: shows FOLDER at MOUNT, as a disk that can be told to stop answering.

Lines on stdin: `hang WHAT...` (names of the methods below; those under way go on), `go`. Ends with stdin.
Each is answered with a line on stdout, and so is the first request that hangs.
"""

import functools
import os
import sys
import threading

import mfusepy


def may_hang(operation):
    @functools.wraps(operation)
    def answer(self, *arguments, **named):
        self.wait(operation.__name__)
        return operation(self, *arguments, **named)

    return answer


class HangingDisk(mfusepy.Operations):
    use_ns = True

    def __init__(self, folder: str):
        self._folder = folder
        self._hanging: frozenset[str] = frozenset()
        self._said = False
        self._changed = threading.Condition()

    def obey(self, commands) -> None:
        for line in commands:
            _, *names = line.split()
            with self._changed:
                self._hanging = frozenset(names)
                self._said = False
                self._changed.notify_all()
                print("done", flush=True)
        os._exit(0)

    def wait(self, operation: str) -> None:
        with self._changed:
            if operation in self._hanging and not self._said:
                self._said = True
                print("hangs", flush=True)
            self._changed.wait_for(lambda: operation not in self._hanging)

    def _path(self, path: str) -> str:
        return self._folder + path

    @may_hang
    def getattr(self, path, fh=None):
        found = os.lstat(self._path(path))
        kept = ("mode", "nlink", "uid", "gid", "size", "blocks", "atime_ns", "mtime_ns", "ctime_ns")
        return {f"st_{name.removesuffix('_ns')}": getattr(found, f"st_{name}") for name in kept}

    @may_hang
    def readdir(self, path, fh):
        return [".", "..", *os.listdir(self._path(path))]

    @may_hang
    def readlink(self, path):
        return os.readlink(self._path(path))

    @may_hang
    def mkdir(self, path, mode):
        os.mkdir(self._path(path), mode)

    @may_hang
    def rmdir(self, path):
        os.rmdir(self._path(path))

    @may_hang
    def unlink(self, path):
        os.unlink(self._path(path))

    @may_hang
    def symlink(self, target, source):
        os.symlink(source, self._path(target))

    @may_hang
    def rename(self, old, new):
        os.rename(self._path(old), self._path(new))

    @may_hang
    def create(self, path, mode, fi=None):
        return os.open(self._path(path), os.O_RDWR | os.O_CREAT | os.O_TRUNC, mode)

    @may_hang
    def open(self, path, flags):
        return os.open(self._path(path), flags & ~os.O_APPEND)

    @may_hang
    def read(self, path, size, offset, fh):
        return os.pread(fh, size, offset)

    @may_hang
    def write(self, path, data, offset, fh):
        return os.pwrite(fh, data, offset)

    @may_hang
    def truncate(self, path, length, fh=None):
        os.truncate(self._path(path), length)

    @may_hang
    def fsync(self, path, datasync, fh):
        os.fsync(fh)

    @may_hang
    def release(self, path, fh):
        os.close(fh)


if __name__ == "__main__":
    folder, mount = sys.argv[1:]
    disk = HangingDisk(folder)
    threading.Thread(target=disk.obey, args=(sys.stdin,), daemon=True).start()
    mfusepy.FUSE(disk, mount, foreground=True, attr_timeout=0, entry_timeout=0)
