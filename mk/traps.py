#!/usr/bin/env python3
"""Finds what could trap in our part of somebody's training, which it would end: Sources/TrackShim, Sources/CTrackShim.

Sources/SavedLogs is held to the same, though only a command would end: logs are anybody's.

Refused, whatever is said about it: `x!`, `try!`, `as!`, `T!`, `unowned`, fatalError, precondition, assert.

Refused unless it is proven:

  x[i]              a bound of x (`x.count`, `.indices`, `firstIndex` ...) stands in the function, before it or beside it
  a + b, a - b ...  never between integers: `&+`. Text, doubles and literals are told apart as well as it goes
  a / b, a % b      b is a literal or a constant that is not zero
  Int(x)            from something that may be too large: truncatingIfNeeded, clamping or exactly

Where the proof is elsewhere a comment gives it: `// bounded: why`, on the line, on the line before, or on the line
before a function for all of it. The script sees that a bound is tested, not that it is the right one. That is what
`make fuzz` is for. In C only the calls are refused that end the process or write without a bound.
"""

import re
import sys
from pathlib import Path

BANNED = [
    (re.compile(r"\b(fatalError|preconditionFailure|assertionFailure|precondition|assert)\s*\("), "ends the process"),
    (re.compile(r"\b(try|as)!"), "traps"),
    (re.compile(r"\bunowned\b(?!\s+self\])"), "traps where its object is gone"),
    (re.compile(r"[\w\])>]!(?![=])"), "unwraps by force"),
    # Pointers of C come as T!, and that is unwrapped without a sign of it.
    (re.compile(r"\bcString: tsi_\w+\("), "unwraps a pointer of C: tsi_name().map { String(cString: $0) }"),
]
BANNED_IN_C = re.compile(r"\b(assert|__builtin_trap|strcpy|strcat|v?sprintf|gets|alloca)\s*\(")
WORD = r"[A-Za-z_$][\w$]*"
INDEX = re.compile(rf"((?:{WORD}|\))(?:\??\.{WORD}|\(\))*)\[([^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*)\]")
OPERATOR = re.compile(r"(\S+) (\+|-|\*|/|%|<<|>>|\+=|-=|\*=|/=|%=|<<=|>>=) (\S+)")
CONVERSION = re.compile(r"\b(U?Int(?:8|16|32|64)?)\(([^():]*(?:\([^()]*\)[^():]*)*)\)")
# Never larger than what they are made: bytes, masked or shifted words, counts, fields of C structs, Int64 answers.
FITTING = re.compile(
    r"^(byte|unit|digit|stream\.rawValue)$|bytes\[|^self\[|^\$1$|& 0x[0-9A-F]+$|^\w+ &>> \d+$|^(crc|subsecond)$|&- 0x30$"
    r"|(\.|^)count$|^byte &- UInt8|^record\.(size|kind|stream)$|^request\.kind$|^tsi_|^TSI_|^reply\.status$|^\$0$"
)
# What gives nil and no trap where it is no number.
TEXT = re.compile(r"text|json|asText|words\[|prefix|split|dropFirst|exactly")
# Text and arrays, of which the sum is longer and nothing else.
JOINED = re.compile(r"\[|Array|String|[tT]ext|[nN]ame|prefix|suffix|padded|digits|trimmed|items|part\b|random\(\)|take\w+\(\)")
WAIVER = re.compile(r"//+ ?bounded: \S")


def stripped(text: str) -> list[str]:
    """The lines without comments and without what stands in string literals, whose quotes remain."""
    out, i, depth = [], 0, 0
    in_string = multi = False
    while i < len(text):
        c = text[i]
        if in_string:
            end = '"""' if multi else '"'
            if text.startswith(end, i):
                in_string = False
                out.append('"')
                i += len(end)
            elif c == "\\":
                # What is interpolated is code, but short: it is passed over, and printed only.
                i += 2
                if text[i - 1] == "(":
                    depth = 1
                    while i < len(text) and depth:
                        depth += {"(": 1, ")": -1}.get(text[i], 0)
                        i += 1
            else:
                if c == "\n":
                    out.append(c)
                i += 1
        elif text.startswith("//", i):
            while i < len(text) and text[i] != "\n":
                i += 1
        elif c == '"':
            in_string, multi = True, text.startswith('"""', i)
            out.append('"')
            i += 3 if multi else 1
        else:
            out.append(c)
            i += 1
    return "".join(out).split("\n")


class CFile:
    def __init__(self, path: Path):
        self.code = stripped(re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), path.read_text(), flags=re.S))

    def problems(self):
        for number, line in enumerate(self.code):
            for match in BANNED_IN_C.finditer(line):
                yield number, f"{match.group(1)}: ends the process or has no bound", False


class File:
    def __init__(self, path: Path):
        text = path.read_text()
        self.path, self.raw, self.code = path, text.split("\n"), stripped(text)
        whole = "\n".join(self.code)
        pattern = rf"\b({WORD})\s*(?::\s*\[[^\]]*(?:\[[^\]]*\])?[^\]]*:[^\]]*\]|= \[[^\]:]*\]?: )"
        self.dictionaries = set(re.findall(pattern, whole))
        self.starts = self.functions()

    def functions(self) -> list[int]:
        """For each line the one where its function begins."""
        starts, current, level, base, has_body = [], 0, 0, None, False
        for number, line in enumerate(self.code):
            opens = re.search(r"\b(func|init\??|subscript|deinit)\b.*|\b(var|let) \w+[^=]*\{|= \{ *$|^\s*get \{", line)
            if opens and base is None:
                current, base, has_body = number, level, False
            starts.append(current)
            level += line.count("{") - line.count("}")
            has_body = has_body or "{" in line
            # Its last line, or that of a requirement in a protocol, which has no body.
            if base is not None and level <= base and (has_body or level < base):
                current, base = number + 1, None
        return starts

    def is_waived(self, number: int) -> bool:
        """By a comment beside the line, or above it, or above its function."""
        return WAIVER.search(self.raw[number]) is not None or self.has_waiver(number) or self.has_waiver(self.starts[number])

    def has_waiver(self, number: int) -> bool:
        above = number - 1
        while above >= 0 and re.match(r"^\s*(//|@)", self.raw[above]):
            if WAIVER.search(self.raw[above]):
                return True
            above -= 1
        return False

    def before(self, number: int) -> str:
        """The function as far as it has come, with the line behind: a statement may go on there."""
        start = self.starts[number]
        goes_on = number + 1 < len(self.starts) and self.starts[number + 1] == start
        return "\n".join(self.code[start : number + (2 if goes_on else 1)])

    # ---- The rules ----

    def index_problem(self, number: int, base: str, index: str) -> str | None:
        name = base.split(".")[-1].rstrip("()?") or base
        if name in self.dictionaries or index.strip().startswith('"') or index.strip() in ("", "..."):
            return None
        if re.match(r"^(\[|-?\d+\.\.)", base) or name in {"self"} and "count" in self.before(number):
            return None
        text = self.before(number)
        owner = re.escape(name)
        bounded = [
            rf"\b{owner}\??\.(count|indices|endIndex|isEmpty)\b",
            rf"\b{owner}(\[[^\]]*\])?\??(\.\w+)*\.(first|last)Index\b",
            rf"\b{owner}\??(\.\w+)*\.index\(",
            rf"\b{owner}\??\.(popFirst|first|last|starts|hasPrefix|prefix|enumerated)\b",
            rf"\bguard {owner}\b|\(of: {owner}\b",
        ]
        if any(re.search(pattern, text) for pattern in bounded):
            return None
        return f"{base}[{index}]: no bound of {name} is to be seen"

    def operator_problem(self, left: str, operator: str, right: str) -> str | None:
        if operator.rstrip("=") in ("/", "%"):
            divisor = right.strip("(),;{}")
            if re.match(r"^(\d[\d_.]*(e\d+)?|blockSize|Self\.\w+|[A-Z]\w*\.\w+)", divisor):
                return None
            return f"{left} {operator} {right}: is the divisor ever zero?"
        if operator in ("<<", ">>") and re.match(r"^\d+", right):
            return None
        literal = re.compile(r'^[(\[]*("|\d*\.\d|\d+e\d)|"$')
        if any(literal.search(side) for side in (left, right)):
            return None
        constant = re.compile(r"(^|[(\[<.])\d[\d_]*[)\],]*$")
        if constant.search(left) and constant.search(right):
            return None
        if operator in ("+", "+=") and (left in ("$0", "}") or any(JOINED.search(side) for side in (left, right))):
            return None
        return f"{left} {operator} {right}: may overflow"

    def conversion_problem(self, kind: str, value: str) -> str | None:
        if re.match(r'^\s*(\d|"|ascii|0x)', value) or not value.strip():
            return None
        if FITTING.search(value.strip()) or TEXT.search(value):
            return None
        return f"{kind}({value}): may not fit"

    def problems(self):
        for number, line in enumerate(self.code):
            for pattern, why in BANNED:
                for match in pattern.finditer(line):
                    yield number, f"{match.group().strip()}: {why}", False
            if re.match(r"^\s*(import|case \.|@|prefix|infix)", line):
                continue
            for match in INDEX.finditer(line):
                if problem := self.index_problem(number, match.group(1), match.group(2)):
                    yield number, problem, True
            for match in OPERATOR.finditer(line):
                if problem := self.operator_problem(*match.groups()):
                    yield number, problem, True
            for match in CONVERSION.finditer(line):
                if problem := self.conversion_problem(*match.groups()):
                    yield number, problem, True


def main(paths: list[str]) -> int:
    found = 0
    for top in map(Path, paths):
        files = [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.suffix in (".swift", ".c", ".h"))
        for path in files:
            file = File(path) if path.suffix == ".swift" else CFile(path)
            for number, problem, may_waive in file.problems():
                if may_waive and file.is_waived(number):
                    continue
                print(f"{path}:{number + 1}: {problem}")
                found += 1
    if found:
        print(f"{found} places could trap; the top of mk/traps.py says what to do")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["Sources/TrackShim", "Sources/SavedLogs", "Sources/CTrackShim"]))
