"""`policy check` knows what print refuses, with line and clause, and asks Typst only where it must."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typst
import verapdf
from building import ROOT, new_project, policy, run
from fontTools.ttLib import TTFont
from test_print import COUNCIL, TEMPLATE, png, printed, project, text_of

from policydoc.checking import printing
from policydoc.checking.inspection import inspect
from policydoc.editions import council
from policydoc.editions.withhold import EDITIONS
from policydoc.history.dates import CommitDates
from policydoc.outputs import pdf, typesetting
from policydoc.outputs.pdf import Press, problem
from policydoc.settings import Council, Settings
from policydoc.source import policy_files

SETTINGS = Settings(council=COUNCIL)
HEADS = "| " + " | ".join(f"Administration{number}" for number in range(9)) + " |"
WIDE = f"{HEADS}\n|{'---|' * 9}\n| {'a | ' * 9}"
# What stands in the policy's text; the line and place, the code and a part of what is told
REFUSED = {
    "a sign": ("1.  Ring ℡ 01632 960001.\n", 11, "clause 1.2", "P801", "“℡” (U+2121)"),
    "a sign that is spelt out": ("1.  Ring &#x2121; 01632.\n", 11, "clause 1.2", "P801", "“℡” (U+2121)"),
    "a sign in a comment": ("1.  Ring. {>>JS: 😀<<}\n", 11, "", "P801", "“😀” (U+1F600)"),
    "a sign in a heading": ("## ᚠ and more\n\n1.  x\n", 11, "section 2", "P801", "“ᚠ”"),
    "a sign in a note": ("1.  Ring.[^a]\n\n[^a]: At ℡.\n", 13, "", "P801", "“℡”"),
    "a sign in a web address": ("1.  See [it](https://example.org/中).\n", 11, "clause 1.2", "P801", "“中”"),
    "a damaged picture": ("1.  A ![map](images/cut.png).\n", 11, "clause 1.2", "P437", "images/cut.png"),
    "a table": (f"1.  Fees:\n\n{WIDE}\n", 11, "section 1", "P802", "too wide"),
    "a cross-heading of a comment": ("### {>>JS: new?<<}\n\n1.  x\n", 11, "section 1", "P206", "heading"),
    "eleven levels": ("".join("    " * depth + "1.  x\n\n" for depth in range(11)), 31, "", "P211", "10 levels"),
    "eleven quotes": ("> " * 11 + "x\n", 11, "section 1", "P212", "too deep"),
    "nine marks": (
        "1.  " + "*a **b " * 5 + "c" + "** d*" * 5 + "\n", 11, "clause 1.2", "P212", "too deep",
    ),
    "a byte order mark": ("1.  Wo\ufeffrds.\n", 11, "", "P112", "U+FEFF"),
    "one that is spelt out": ("1.  Wo&#xFEFF;rds.\n", 11, "clause 1.2", "P112", "U+FEFF"),
}  # fmt: skip


def with_template(folder: Path, **sources: str) -> Path:
    """A project that can print."""
    root = project(folder, **sources)
    shutil.copytree(TEMPLATE, root / pdf.TEMPLATE)
    (root / "policy_src/images/cut.png").write_bytes(png(600, 400)[:90])
    return root


def checked(root: Path, settings: Settings = SETTINGS) -> list[tuple[str, int, str, str]]:
    found = inspect(root, settings, date(2026, 1, 1)).problems
    return [(each.path, each.line, each.clause, each.code) for each in found]


@pytest.mark.parametrize("what", REFUSED)
def test_check_tells_what_print_refuses(tmp_path: Path, what: str) -> None:
    text, line, clause, code, words = REFUSED[what]
    root = with_template(tmp_path, dogs=policy(f"## Purpose\n\n1.  Words.\n\n{text}"))
    start = policy("").count("\n")
    found = inspect(root, SETTINGS, date(2026, 1, 1)).problems
    assert [(each.code, each.clause) for each in found] == [(code, clause)], found
    assert words in found[0].text and found[0].level == "error"
    expected = line - 11 + start + 4
    if code not in ("P802", "P212"):  # these are told at the line of their place
        assert found[0].line == expected, found[0]
    else:
        assert start <= found[0].line <= expected


def test_a_table_before_the_first_section_has_its_line(tmp_path: Path) -> None:
    root = with_template(tmp_path, dogs=policy(f"Words.\n\n{WIDE}\n\n## Purpose\n\n1.  Words.\n"))
    [line] = [number for number, text in enumerate(policy(f"Words.\n\n{WIDE}").splitlines(), 1) if text == HEADS]
    assert checked(root) == [("policy_src/dogs.md", line, "", "P802")]


def test_signs_in_front_matter_have_their_line(tmp_path: Path) -> None:
    text = policy(
        "## Purpose\n\n1.  Words.\n", title="Dogs 中", distribution="{internal: [All 中 staff], external: [ᚠ]}"
    )
    root = with_template(tmp_path, dogs=text)
    assert checked(root) == [
        ("policy_src/dogs.md", 2, "", "P801"),
        ("policy_src/dogs.md", 6, "", "P801"),
    ]


def test_signs_of_the_council_are_told_once(tmp_path: Path) -> None:
    root = with_template(tmp_path, a=policy("## Purpose\n\n1.  Words.\n"), b=policy("## Purpose\n\n1.  Words.\n"))
    settings = Settings(council=Council(name="Council 中"))
    assert checked(root, settings) == [("mkdocs.yml", 0, "", "P801")]


def test_a_build_tells_the_same_places(tmp_path: Path) -> None:
    text = policy(
        f"## Purpose\n\n1.  Words.\n\n1.  Ring ℡.\n\n1.  Fees:\n\n    {WIDE}".replace("\n|", "\n    |"), title="ᚠ"
    )
    root = with_template(tmp_path, dogs=text, fees=policy(f"## Fees\n\n{WIDE}\n"))
    policies = council.read(root, "external", SETTINGS)
    jobs = pdf.jobs(policies.published.values(), SETTINGS, CommitDates(root), root)
    failures = Press(root, TEMPLATE, root / "cache").make(jobs).failures
    told = [problem(each, policies.published[each.slug], root) for each in failures]
    assert ("policy_src/fees.md", 9, "section 1", "P802") in [(p.path, p.line, p.clause, p.code) for p in told]
    assert all(each.line for each in told) and ({each.code for each in told} == {"P801", "P802"} or len(told) == 2)


def test_what_is_right_is_not_refused(tmp_path: Path) -> None:
    """Alternative texts are heard and not printed; letters of Typst's own fonts are there."""
    words = "Llŷn, tŵr → ✓ ☐ Ω Ж שלום مرحبا e\u0301 ﬁ ½ ≤ ² № a\u200bb"
    text = f"1.  {words}\n\n1.  A ![中 map](images/small.png) and `→`.\n\n| Fee |\n|---|\n| £1 |\n"
    assert checked(with_template(tmp_path, dogs=policy(f"## Purpose\n\n{text}"))) == []


@pytest.mark.parametrize(("sign", "uses"), [("—", 0), ("→", 1)])
def test_common_policies_are_checked_without_typst(tmp_path: Path, sign: str, uses: int) -> None:
    root = with_template(
        tmp_path, dogs=policy(f"## Purpose\n\n1.  It’s £5 {sign} café.\n\n| A | B |\n|---|---|\n| a | b |\n")
    )
    program = (
        "import sys; from datetime import date; from pathlib import Path; from policydoc.settings import *;"
        "from policydoc.checking.inspection import inspect;"
        "inspect(Path(sys.argv[1]), Settings(council=Council(name='X')), date(2026, 1, 1));"
        "sys.exit('typst' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, root], env={"PYTHONPATH": str(ROOT / "hooks")})
    assert done.returncode == uses


def test_all_common_signs_are_in_the_font() -> None:
    signs = [chr(code) for code in range(0x3000) if not printing._UNCOMMON.match(chr(code)) and not chr(code).isspace()]
    assert len(signs) > 200
    for font in typesetting.FONTS.glob("*.ttf"):
        assert [sign for sign in signs if ord(sign) not in TTFont(font).getBestCmap()] == []


def test_no_sign_is_wider_than_is_counted_with() -> None:
    [bold] = typesetting.FONTS.glob("*-Bold.ttf")
    font = TTFont(bold)
    names, widths, size = font.getBestCmap(), font["hmtx"], 0.92 * 10.5 / font["head"].unitsPerEm
    for code, name in names.items():
        if not printing._UNCOMMON.match(chr(code)):
            assert widths[name][0] * size <= printing._width(chr(code)), chr(code)


def test_writing_that_typst_fails_at_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = typesetting.typeset

    def fails(press: typst.Compiler, template: Any, inputs: dict[str, str], date: str = "2000-01-01") -> bytes:
        if "→→" in str(inputs):
            raise typesetting.Refusal("the letters can't be set")
        return whole(press, template, inputs, date)

    monkeypatch.setattr(typesetting, "typeset", fails)
    root = with_template(tmp_path, dogs=policy("## Purpose\n\n1.  Words → and ✓ and →→ here.\n"))
    assert checked(root) == [("policy_src/dogs.md", 11, "clause 1.1", "P805")]


def test_a_fault_inside_typst_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    class Broken:
        def compile_with_warnings(self, **_: object) -> None:
            raise PanicException("index out of bounds")

    with pytest.raises(typesetting.Refusal):
        typesetting.typeset(Broken(), b"", {})  # type: ignore[arg-type]


def test_footnotes_stand_behind_the_text_where_typst_loses_its_tags(tmp_path: Path) -> None:
    long = "^^" + "word " * 900 + "end^^"
    text = f"## Purpose\n\n1.  Words.[^a]\n\n1.  {long}\n\n1.  The end.\n\n[^a]: A note that is ~~gone~~ ^^new^^.\n"
    pdfs = printed(project(tmp_path, dogs=policy(text)))
    shown = text_of(pdfs["dogs"])
    assert (
        shown.index("The end.") < shown.index("A note that is gone new.") < shown.index("Schedule of amendments Every")
    )
    assert verapdf.check(list(pdfs.values())) == []


# odd policies


class Odd:
    """Policies that are valid, and that nobody would write: every block in every block, marks and comments on all."""

    SIGNS = ("שלום", "مرحبا بكم", "e\u0301", "ŵ", "→", "½", "x" * 80, "\u00a0", "\u00ad", "\u200b", "C\\#", "\\$x\\$",
             "\\#let", "\\@ref", "\\<b\\>", "\\\\", "//", "\\[\\[", "%", "≤", "a/b/c")  # fmt: skip

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def some(self, *choices: str) -> str:
        return self.chance.choice(choices)

    def word(self) -> str:
        return self.some("dogs", "park", "must", "the", "£75", self.some(*self.SIGNS))

    def words(self) -> str:
        return " ".join(self.word() for _ in range(self.chance.randint(1, 3)))

    def inline(self) -> str:
        pieces = [
            self.some(
                self.words(), f"**{self.words()}**", f"*x {self.word()}*", "`code <x>`", f"`{'y' * 50}`", "H~2~O",
                f"[link {self.word()}](https://example.org/{'b' * 90})", f"~~{self.words()}~~", f"^^{self.words()}^^",
                f"^^a **{self.word()}**^^", "{==words==}{>>JS: why?<<}", "{>>a remark<<}", "[clause](#lead)",
                f"![Alt](images/{self.some('tall', 'wide', 'small')}.png)",
            )
            for _ in range(self.chance.randint(1, 4))
        ]  # fmt: skip
        return " ".join(["w", *pieces, *([self.some("x[^a]", "x[^b]")] if self.chance.random() < 0.1 else [])])

    def block(self, depth: int = 0) -> str:
        if depth > 2:
            return self.inline()
        inner = self.block(depth + 1)
        cells = [self.some(self.inline().replace("|", ""), "", "~~£1~~", "^^£2^^", "{>>c<<}") for _ in range(9)]
        rows = "\n".join("| " + " | ".join(cells[row : row + 3]) + " |" for row in (0, 3, 6))
        return self.some(
            self.inline(), f"~~{self.words()}~~", "![Alt](images/small.png)",
            "> " + inner.replace("\n", "\n> "), f"-   {self.inline()}\n-   ~~x~~\n-   y {{.internal}}",
            f'!!! note "{self.some("Title", "~~gone~~", "**b**")}"\n    ' + inner.replace("\n", "\n    "),
            rows.replace("\n", "\n|---|:-:|--:|\n", 1), f"^^Term^^\n:   {self.inline()}\n\nOther\n:   ~~gone~~ x",
            "```\n  code " + "z" * 120 + "\n```",
        )  # fmt: skip

    def clauses(self, level: int) -> str:
        found = []
        for _ in range(self.chance.randint(1, 3)):
            text = "1.  " + self.some(self.inline(), self.inline() + " {.internal}", "~~gone~~", "^^again^^")
            below = [self.block()] if self.chance.random() < 0.4 else []
            deeper = level < 5 and "w" in text and self.chance.random() < 0.4  # not below what is deleted or new
            below += [self.clauses(level + 1)] if deeper else []
            found.append("\n\n".join([text, *("    " + each.replace("\n", "\n    ") for each in below)]))
        return "\n\n".join(found)

    def policy(self) -> str:
        parts = [self.block(), "## Purpose\n\n1.  Words. {#lead}"]
        for _ in range(3):
            parts.append(
                "## " + self.some(self.inline(), "~~Fees~~ ^^Costs^^", "Staff {.internal}", "Forms {.appendix}")
            )
            parts += [self.some(self.block(), "### " + self.inline(), "### ![Alt](images/small.png)"), self.clauses(1)]
        text = "\n\n".join(parts)
        return policy(
            text + "".join(f"\n\n[^{name}]: A {self.words()} ~~note~~." for name in "ab" if f"[^{name}]" in text)
        )


def test_what_check_finds_nothing_in_is_printed(tmp_path: Path) -> None:
    root = with_template(tmp_path)
    press = Press(root, TEMPLATE, root / "cache")
    printed_ones = 0
    for seed in range(30):
        found, problems = policy_files.read("odd", "policy_src/odd.md", Odd(seed).policy().encode())
        assert found
        (root / "policy_src/odd.md").write_text(Odd(seed).policy(), "utf-8")
        if any(each.level == "error" for each in inspect(root, SETTINGS, date(2026, 1, 1)).problems):
            continue
        for which in EDITIONS:
            policies = council.gather([found], problems, root / "policy_src", which, SETTINGS)
            outcome = press.make(pdf.jobs(policies.published.values(), SETTINGS, CommitDates(root), root))
            assert outcome.failures == (), (seed, which, outcome.failures)
        printed_ones += 1
    assert printed_ones > 10, printed_ones


def test_signs_by_the_thousand_on_one_page_are_printed(tmp_path: Path) -> None:
    """The text is long, its pages are few: room for contents is reckoned first and not needed then."""
    project = new_project(tmp_path / "council", None)
    (project / "policy_src/dogs.md").write_text(policy("## Purpose\n\n1.  Dogs" + "\u200b" * 4_900 + ".\n"), "utf-8")
    done = run(project, "build", "--edition", "external")
    assert done.returncode == 0, done.stderr
