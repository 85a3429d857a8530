"""The table of hosts: what each is made from, where its output goes, what its record must hold."""

from . import descriptors, endings, guests, languages, printing, processes, surroundings, threads, unreachable

CASES = [
    *printing.STDIO, *printing.TEXT, *printing.CPLUSPLUS,
    *languages.LANGUAGES,
    *processes.PROCESSES, *processes.WRAPPERS,
    *threads.THREADS,
    *endings.ENDINGS,
    *descriptors.DESCRIPTORS, *descriptors.SYSTEM_CALLS,
    *surroundings.SURROUNDINGS, *surroundings.LIMITS, *surroundings.MOUNTS,
    *guests.PRELOADS, *guests.SANITIZERS, *guests.DEBUGGERS,
    *unreachable.UNREACHABLE,
]  # fmt: skip
