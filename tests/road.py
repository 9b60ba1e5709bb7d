"""Draws the library's rooms, what each is for and which imports which, as its code has it: `make road`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from xml.sax.saxutils import escape

import policydoc

LIBRARY = Path(policydoc.__file__).parent
MODULES = sorted(path.relative_to(LIBRARY) for path in LIBRARY.rglob("*.py"))
ROAD = ["source", "model", "editions", "outputs"]

# In pixels, with space for a wider font. A room's upper line is for the arrow to it, the lower for what it imports.
LEFT, RIGHT, TOP, HEIGHT, PITCH, GAP, UPPER, LOWER, LANES, LANE = 72, 640, 118, 66, 78, 84, 20, 44, 680, 32
INK, PALE, GREY, DARK = "#1f2933", "#eef1f4", "#52606d", "#0b4f5e"


def imports(module: Path) -> Iterator[list[str]]:
    """What a module imports of the library, as the parts of its name."""
    package = list(module.parts[:-1])
    for node in ast.walk(ast.parse((LIBRARY / module).read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            where = package[: len(package) + 1 - node.level] + (node.module or "").split(".") * bool(node.module)
            yield from ([*where, alias.name] for alias in node.names)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            tops = {name.split(".")[0] for name in names}
            assert tops.isdisjoint({"mkdocs", "policydoc"}), "the library never imports MkDocs, and itself by dots only"


def rooms() -> dict[str, set[str]]:
    """What each room imports of the others: the road's rooms, then the rest as the library's docstring lists them."""
    names = {module.parts[0] for module in MODULES if len(module.parts) > 1}
    beside = sorted(names.difference(ROAD), key=lambda room: (policydoc.__doc__ or "").index(f"\n    {room} "))
    links = {(module.parts[0], other[0]) for module in MODULES for other in imports(module) if other}
    return {room: {other for by, other in links if by == room and other in names - {room}} for room in [*ROAD, *beside]}


def sentence(room: str) -> str:
    """The first one that the room says of itself."""
    text = ast.get_docstring(ast.parse((LIBRARY / room / "__init__.py").read_text("utf-8"))) or ""
    return re.split(r"(?<=\.)\s", text)[0].replace("\n", " ").replace("`", "")


def svg() -> str:
    """The picture, as text."""
    links = rooms()
    tops = {room: TOP + PITCH * row + GAP * (room not in ROAD) for row, room in enumerate(links)}
    # A lane for each room that is imported. The last room has the first one: so the fewest of them cross.
    imported = [room for room in reversed(links) if any(room in others for others in links.values())]
    lanes = {room: LANES + LANE * place for place, room in enumerate(imported)}
    width, height, end = max(lanes.values()) + 44, max(tops.values()) + 122, tops[ROAD[-1]] + HEIGHT + 26
    read_out = "; ".join(f"{room} imports {', '.join(sorted(others)) or 'none'}" for room, others in links.items())
    shared = ", ".join(module.stem for module in MODULES if len(module.parts) == 1 and module.stem != "__init__")
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">',
        '<title id="title">The rooms of the library, and which imports which</title>',
        f'<desc id="desc">The road of a policy leads through {", ".join(ROAD)}. Of the rooms, {read_out}.</desc>',
        f'<rect width="{width}" height="{height}" rx="10" fill="#fff"/>',
        words(LEFT, 42, "The road of a policy", size=20),
        words(LEFT, 68, "A dot says that the room on its line imports the room to which the dot’s lane leads."),
        words(LEFT, TOP - 16, "policy_src/x.md"),
        words(LEFT, end, "page, PDF, JSON, search, feed"),
        words(LEFT, end + 50, "Beside the road", size=20),
        words(LEFT, height - 26, f"Not drawn, since all rooms share them: {shared}."),
        f'<path d="M{LEFT - 8} {TOP - 20}H40V{end - 4}H{LEFT - 18}" fill="none" stroke="{DARK}" stroke-width="6"/>',
        f'<path d="M{LEFT - 6} {end - 4}l-14 -9v18z" fill="{DARK}"/>',
    ]
    for room, top in tops.items():
        drawn += box(room, top)
        if links[room]:
            far = max(lanes[other] for other in links[room])
            drawn.append(f'<path d="M{RIGHT} {top + LOWER}H{far}" stroke="{GREY}" stroke-width="1.5"/>')
    for place, (room, x) in enumerate(lanes.items()):
        joints = [tops[by] + LOWER for by, others in links.items() if room in others]
        drawn += lane(x, tops[room] + UPPER, joints, f"hsl({place * 140 % 360}, 65%, 35%)")
    return "\n".join([*drawn, "</svg>\n"])


def box(room: str, top: int) -> list[str]:
    """A room: its name, and beside that its sentence."""
    fill, ink = (DARK, "#fff") if room in ROAD else (PALE, INK)
    lines = wrap(sentence(room), 60)
    middle = top + HEIGHT // 2 + 5
    first = middle - 9 * (len(lines) - 1)
    return [
        f'<rect x="{40 if room in ROAD else LEFT}" y="{top + 30}" width="{LEFT}" height="6" fill="{fill}"/>',
        f'<rect x="{LEFT}" y="{top}" width="{RIGHT - LEFT}" height="{HEIGHT}" rx="8" fill="{fill}"/>',
        words(LEFT + 16, middle, room, ink, 16),
        *(words(LEFT + 140, first + 18 * row, line, ink) for row, line in enumerate(lines)),
    ]


def lane(x: int, arrow: int, joints: list[int], colour: str) -> list[str]:
    """From the dots of those who import a room to the room's arrow, with a gap in whatever it crosses."""
    line = f'd="M{x} {min(arrow, *joints)}V{max(arrow, *joints)}M{x} {arrow}H{RIGHT + 8}" fill="none"'
    return [
        f'<path {line} stroke="#fff" stroke-width="7"/>',
        f'<path {line} stroke="{colour}" stroke-width="2" stroke-linecap="square"/>',
        f'<path d="M{RIGHT + 1} {arrow}l10 -5v10z" fill="{colour}"/>',
        *(f'<circle cx="{x}" cy="{y}" r="5" fill="{colour}"/>' for y in joints),
    ]


def words(x: int, y: int, text: str, ink: str = INK, size: int = 0) -> str:
    """A line of words, bold where a size makes them a heading."""
    look = f' font-size="{size}" font-weight="bold"' if size else ""
    return f'<text x="{x}" y="{y}" fill="{ink}"{look}>{escape(text)}</text>'


if __name__ == "__main__":
    print(svg(), end="")
