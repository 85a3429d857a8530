"""Reads a GraphQL document: enough of the language for what W&B clients send.

The stand-in answers by the text of the query, not by its operation's name, so that a client which
forgets to select a field does not get it, and one which misspells an input field is found out.
"""

import copy
import re
from dataclasses import dataclass, field

TOKEN = re.compile(r'''\s+|,|\#[^\n]*|(\.\.\.|\$\w+|[A-Za-z_]\w*|"(?:\\.|[^"\\])*"|-?\d[\w.+-]*|[{}()\[\]:!=@])''')


class QueryError(ValueError):
    """The text is not a document this reader understands."""


@dataclass(frozen=True)
class Variable:
    name: str


@dataclass
class Field:
    name: str
    alias: str
    arguments: dict = field(default_factory=dict)
    fields: list = field(default_factory=list)


@dataclass
class Operation:
    kind: str
    name: str
    variables: dict  # name -> type as written, such as "[String!]"
    fields: list


def parse(text, wanted=None):
    """The operation of that name, or the only one; fragments are already spread into it."""
    reader = _Reader(text)
    while reader.tokens:
        reader.definition()
    named = [o for o in reader.operations if wanted in (None, "", o.name)]
    if len(named) != 1:
        raise QueryError(f"{len(named)} operations match {wanted!r}")
    reader.spread(named[0].fields)
    return named[0]


def resolve(arguments, variables):
    """Arguments as plain values, each variable replaced by what was sent for it."""
    if isinstance(arguments, Variable):
        return variables.get(arguments.name)
    if isinstance(arguments, dict):
        return {name: resolve(value, variables) for name, value in arguments.items()}
    if isinstance(arguments, list):
        return [resolve(value, variables) for value in arguments]
    return arguments


class _Reader:
    def __init__(self, text):
        self.tokens = list(reversed(_tokens(text)))
        self.operations, self.fragments = [], {}

    def peek(self):
        return self.tokens[-1] if self.tokens else None

    def take(self, expected=None):
        token = self.tokens.pop() if self.tokens else None
        if token is None or expected not in (None, token):
            raise QueryError(f"expected {expected or 'more'}, found {token or 'the end'}")
        return token

    def accept(self, token):
        return self.peek() == token and bool(self.tokens.pop())

    def definition(self):
        if self.peek() == "{":
            self.operations.append(Operation("query", "", {}, self.selection()))
            return
        kind = self.take()
        if kind == "fragment":
            name = self.take()
            self.take("on"), self.take()
            self.fragments[name] = self.selection()
            return
        if kind not in ("query", "mutation"):
            raise QueryError(f"unexpected {kind}")
        name = "" if self.peek() in ("(", "{") else self.take()
        self.operations.append(Operation(kind, name, self.variables(), self.selection()))

    def variables(self):
        declared = {}
        if self.accept("("):
            while not self.accept(")"):
                name = self.take()[1:]
                self.take(":")
                declared[name] = self.type()
                if self.accept("="):
                    self.value()
        return declared

    def type(self):
        if self.accept("["):
            text = f"[{self.type()}]"
            self.take("]")
        else:
            text = self.take()
        return text + "!" if self.accept("!") else text

    def selection(self):
        fields = []
        self.take("{")
        while not self.accept("}"):
            fields += self.fragment() if self.accept("...") else [self.field()]
        return fields

    def fragment(self):
        if self.accept("on"):
            self.take()
        elif self.peek() != "{":
            return [self.take()]  # a name: spread once every definition has been read
        return self.selection()

    def field(self):
        alias = name = self.take()
        if self.accept(":"):
            name = self.take()
        arguments = self.arguments()
        while self.accept("@"):
            self.take(), self.arguments()
        return Field(name, alias, arguments, self.selection() if self.peek() == "{" else [])

    def arguments(self):
        return self.pairs(")") if self.accept("(") else {}

    def pairs(self, end):
        found = {}
        while not self.accept(end):
            name = self.take()
            self.take(":")
            found[name] = self.value()
        return found

    def value(self):
        token = self.take()
        if token == "{":
            return self.pairs("}")
        if token == "[":
            items = []
            while not self.accept("]"):
                items.append(self.value())
            return items
        if token.startswith("$"):
            return Variable(token[1:])
        return {"true": True, "false": False, "null": None}.get(token, token.strip('"'))

    def spread(self, fields, open_fragments=()):
        """Puts each fragment's fields where its name stands."""
        spread = []
        for item in fields:
            spread += [item] if isinstance(item, Field) else self.opened(item, open_fragments)
        fields[:] = spread
        for item in fields:
            self.spread(item.fields, open_fragments)

    def opened(self, name, open_fragments):
        if name not in self.fragments or name in open_fragments:
            raise QueryError(f"fragment {name} is unknown or contains itself")
        inner = copy.deepcopy(self.fragments[name])
        self.spread(inner, (*open_fragments, name))
        return inner


def _tokens(text):
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise QueryError(f"unreadable at {text[at:at + 20]!r}")
        if match.group(1):
            found.append(match.group(1))
        at = match.end()
    return found
