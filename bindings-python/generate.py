"""Writes what the package says of the core's tables: the enums, and the stubs of verbs, measures and records.

    python generate.py           writes
    python generate.py --check   fails where what is committed is not what would be written
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from grievance import _native

HERE = Path(__file__).parent
PACKAGE = HERE / "python" / "grievance"
WIDTH = 110


def python_type(rust: str, *, given: bool = False) -> str:
    """The Python type of a Rust one; of an argument (`given`) the widest that is taken."""
    rust = rust.replace(" ", "")
    plain = {
        "String": "str",
        "bool": "bool",
        "u32": "int",
        "u64": "int",
        "i64": "int",
        "f64": "float",
        "Instant": "datetime",
        "Day": "date",
        "Json": "Any",
        "BTreeMap<String,String>": "dict[str, str]",
    }
    if rust in plain:
        return plain[rust]
    if inner := re.fullmatch(r"Option<(.*)>", rust):
        return f"{python_type(inner[1], given=given)} | None"
    if inner := re.fullmatch(r"Vec<(.*)>", rust):
        one = python_type(inner[1], given=given)
        return f"list[{one}] | tuple[{one}, ...]" if given else f"list[{one}]"
    return rust


LISTED = {name: values for name, _, values in _native.closed_lists()}
LISTS = {name: [word for _, word, _ in values] for name, values in LISTED.items()}


#: Where an argument takes some words of a closed list alone: the name that the stub gives them, their list, and they.
#: Names, for within a class that has a method `words` nothing can be said of the module.
SOME = {"AppealOutcome": ("Outcome", ["allowed", "dismissed"])}


def literal(of: list[str], name: str | None = None) -> str:
    """Words as texts; with the name of their list as members of its enum, too."""
    members = {word: variant for variant, word, _ in LISTED.get(name or "", [])}
    enum = [f"words.{name}.{name_of(members[word])}" for word in of] if name else []
    return f"Literal[{', '.join([*(f'{chr(34)}{word}{chr(34)}' for word in of), *enum])}]"


def allowed(sentence: str) -> str | None:
    """The type of the words that a sentence allows: it names a closed list, or says some words of one."""
    if named := re.search(r"words? of `(\w+)`", sentence):
        return f"_{named[1]}"
    said = list(dict.fromkeys(re.findall(r"`([a-z_]+)`", sentence)))
    if len(said) > 1:
        fitting = [name for name, of in LISTS.items() if set(said) <= set(of)]
        if whole := next((name for name in fitting if len(LISTS[name]) == len(said)), None):
            return f"_{whole}"
        if some := next((name for name, (of, part) in SOME.items() if of in fitting and part == said), None):
            return f"_{some}"
        assert not fitting, f"{sentence} are words of {fitting}, and have no name in SOME"
    return None


def given_type(rust: str, sentence: str) -> str:
    """The Python type of an argument: narrower than a text where its sentence says which words it may be."""
    kind = python_type(rust, given=True)
    return re.sub(r"\bstr\b", allowed(sentence) or "str", kind) if "dict" not in kind else kind


def aliases(stub: list[str]) -> list[str]:
    """Of each closed list that the stub names: its enum, or one of its words."""
    named = {name for line in stub for name in re.findall(r"\b_([A-Z]\w+)", line)}
    whole = [f"_{name}: TypeAlias = words.{name} | {literal(LISTS[name])}" for name in sorted(named & LISTS.keys())]
    return whole + [f"_{name}: TypeAlias = {literal(some, of)}" for name, (of, some) in SOME.items() if name in named]


def name_of(variant: str) -> str:
    """`InProgress` as a constant of Python: `IN_PROGRESS`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", variant).upper()


def words() -> str:
    lines = [
        '"""The closed lists: every word that the desk uses for a phase, an action, a code.',
        "",
        "Written by `bindings-python/generate.py` from the tables of the core. Each value is a `str`: what a",
        "record says is equal to it.",
        '"""',
        "",
        "from enum import Enum",
        "",
        "__all__ = [",
        *(f'    "{name}",' for name, _, _ in sorted(_native.closed_lists())),
        "]",
    ]
    for name, about, values in _native.closed_lists():
        lines += ["", "", f"class {name}(str, Enum):", f'    """{about}"""', ""]
        for variant, word, sentence in values:
            lines += [f"    # {sentence}", f'    {name_of(variant)} = "{word}"']
    return "\n".join(lines) + "\n"


def verbs() -> list[str]:
    lines = []
    for method, _, fields in _native.verb_table():
        given = [] if method == "lodge" else ["case: str"]
        given.append("*")
        for field, rust, needed, sentence in fields:
            kind = given_type(rust, sentence)
            given.append(f"{field}: {kind}" if needed else f"{field}: {kind} | None = None")
        line = f"    def {method}(self, {', '.join(given)}) -> Done: ..."
        if len(line) > WIDTH:
            lines += [f"    def {method}(", "        self,", *(f"        {one}," for one in given), "    ) -> Done: ..."]
        else:
            lines.append(line)
    return lines


def questions(table: list[tuple[str, str, list[tuple[str, str, bool, str]]]], answer: str) -> list[str]:
    lines = []
    for method, _, fields in table:
        lines += [f"    def {method}(", "        self,", "        *,"]
        for field, rust, needed, sentence in fields:
            kind = given_type(rust, sentence)
            lines.append(f"        {field}: {kind}," if needed else f"        {field}: {kind} | None = None,")
        lines.append(f"    ) -> {answer}: ...")
    return lines


def measures() -> list[str]:
    return questions(_native.measure_table(), "Table")


def papers() -> list[str]:
    return questions(_native.paper_table(), "str")


def records() -> list[str]:
    lines = []
    for name, _, fields in _native.record_table():
        lines += ["@final", f"class {name}:"]
        for field, rust, _, _ in fields:
            lines += ["    @property", f"    def {field}(self) -> {python_type(rust)}: ..."]
        lines += ["    def to_dict(self) -> dict[str, Any]: ...", ""]
    return lines[:-1]


def stub() -> str:
    source = (HERE / "stub" / "native.pyi").read_text(encoding="utf-8").splitlines()
    lines = []
    for line in source:
        if line.strip() == "# words":
            lines += aliases(source + verbs() + measures() + papers())
        elif line.strip() == "# verbs":
            lines += verbs()
        elif line.strip() == "# measures":
            lines += measures()
        elif line.strip() == "# papers":
            lines += papers()
        elif line.strip() == "# all":
            lines += ["__all__ = [", *(f'    "{name}",' for name in _native.__all__), "]"]
        elif line.strip() == "# records":
            lines += records()
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def main() -> int:
    stale = 0
    for path, text in [(PACKAGE / "words.py", words()), (PACKAGE / "_native.pyi", stub())]:
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path.name} is not what generate.py writes")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
