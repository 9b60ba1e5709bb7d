"""Policies whose drafts stand over kept versions, in each way that matters to who opens their pages."""

from pathlib import Path

from building import policy

from policydoc.history import archive
from policydoc.writing import put_all

FEES = """\
## Who pays

1.  Every trader pays a fee of £75. {#fee}

1.  Charities pay nothing.

    1.  They show their number.

## How to pay

1.  The fee is paid on [the day before](#fee), as [clause](#late) says.

1.  Who pays late waits. {#late}

| Stall | Fee |
|-------|-----|
| Small | £20 |
| Large | £40 | {#large}
"""
# An inserted clause and section: 1.2 becomes 1.3, section 2 becomes 3; and a row that goes
PROPOSED = (
    FEES.replace("£75", "~~£75~~ ^^£100^^")
    .replace("| Large | £40 |", "| ~~Large~~ | ~~£40~~ |")
    .replace("1.  Charities", "1.  ^^Food traders pay twice.^^\n\n1.  Charities")
    .replace("## How to pay", "## ^^Refunds^^\n\n1.  ^^Nothing is paid back.^^ {#refunds}\n\n## How to pay")
)


def approved(version: str, body: str = FEES, **keys: str) -> str:
    """The text of a version that was approved, published on 1 May of the year 2019 + its number."""
    day = f"{2019 + int(version)}-05-01"
    given = {"status": "approved", "policy_number": "7", "date_published": day, "review_due": "2030-05-01"}
    return policy(body, version=version, **given | keys)


def keep(project: Path, slug: str, *texts: str) -> None:
    """Keeps these texts as versions 1, 2 … of the policy."""
    for version, text in enumerate(texts, 1):
        put_all(archive.addition(project / "policy_src", slug, str(version), text.encode()))


def write_policies(project: Path) -> None:
    """Market fees, whose draft says what is in force; kiosk, changed without marks; tents, whose day is to come."""
    folder, silent = project / "policy_src", PROPOSED.replace("waits", "waits for long")
    texts = {
        "market-fees": policy(PROPOSED, title="Market Fees and Charges", version="2", owner="Markets Manager"),
        "kiosks": policy(silent, title="Kiosks", version="2"),
        "tents": approved("2", FEES.replace("£75", "£80"), title="Tents", effective="2099-01-01"),
        "stages": policy(PROPOSED.replace("£75", "£80"), title="Stages", version="3"),
    }
    for slug, text in texts.items():
        (folder / f"{slug}.md").write_text(text, "utf-8")
    keep(project, "market-fees", approved("1", title="Market Fees", change_note="{text: The first fees}"))
    keep(project, "kiosks", approved("1", title="Kiosks"))
    keep(project, "tents", approved("1", title="Tents"), texts["tents"])
    keep(project, "stages", approved("1", title="Stages"),
         approved("2", FEES.replace("£75", "£80"), title="Stages", effective="2099-01-01"))  # fmt: skip
