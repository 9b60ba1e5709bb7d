"""Turns a number and a seed into that many plausible policies: `python tests/bench/generate.py FOLDER COUNT`.

A policy is some 1,800 words in about 60 clauses, with a table, references and, in drafts, amendments and
comments. Its words depend on the seed and its own place alone: policy 7 of 100 is much as policy 7 of 1,000.
"""

import argparse
import hashlib
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path


def listed(text: str) -> list[str]:
    return re.split(r"[|\n]", text.strip())


BODIES = listed("""
Council|Town Clerk|Finance Committee|Personnel Committee|Planning Committee|Mayor|Chair
Monitoring Officer|Responsible Finance Officer|Senior Management Team|Data Protection Officer
Facilities Manager|Internal Auditor|Events Officer|Allotments Officer|Line Manager|Staff Forum
Emergency Planning Group
""")

VERBS = listed("""
accept|acknowledge|address|administer|adopt|advise|agree|allocate|amend|announce|appoint|approve|arrange
assess|assign|assist|attend|audit|authorise|award|balance|begin|book|budget|calculate|cancel|certify
check|circulate|claim|clarify|collect|commission|complete|conduct|confirm|consider|consult|contact
continue|coordinate|correct|create|decide|declare|decline|defer|delegate|deliver|demonstrate|deposit
describe|designate|destroy|detail|determine|develop|disclose|discuss|dispose|distribute|document|employ
enable|encourage|enforce|engage|enhance|ensure|enter|establish|estimate|evaluate|examine|exclude
exercise|explain|extend|facilitate|file|follow|fund|grant|handle|identify|implement|improve|include
indicate|inform|inspect|install|instruct|insure|introduce|investigate|invite|invoice|issue|justify|label
lease|liaise|license|limit|list|log|maintain|manage|measure|mediate|minute|moderate|monitor|negotiate
nominate|note|notify|obtain|offer|operate|order|organise|outline|oversee|participate|perform|permit|plan
prepare|present|preserve|prevent|process|procure|produce|promote|propose|protect|provide|publish
purchase|qualify|query|question|receive|recognise|recommend|reconcile|record|recruit|reduce|refer|refuse
register|regulate|reimburse|reject|release|remind|remove|renew|repair|replace|reply|report|represent
request|require|resolve|respond|restrict|retain|return|review|revise|safeguard|schedule|screen|secure
select|serve|share|sign|specify|sponsor|state|store|submit|summarise|supervise|supply|support|suspend
terminate|test|train|transfer|treat|update|uphold|validate|verify|vote|waive|warn|withdraw|withhold
witness
""")

NOUNS = listed("""
absence|access|account|action|activity|address|advertisement|agenda|agreement|allegation|allocation
allotment|allowance|amenity|amount|annex|appeal|applicant|application|appointment|appraisal|approval
archive|area|arrangement|assessment|asset|assistance|audience|audit|authority|balance|ballot|bench
benefit|bequest|boundary|breach|budget|building|burial|bursary|bylaw|camera|candidate|card|caretaker
case|category|cemetery|centre|ceremony|certificate|change|charge|charity|cheque|circular|claim|clerk
code|colleague|comment|committee|communication|community|complainant|complaint|concern|concession
condition|conduct|confidence|consent|consequence|constituent|consultation|contact|contract|contractor
contribution|cost|councillor|counsel|copy|criterion|custodian|damage|data|deadline|debt|decision
declaration|defect|delegation|deposit|description|device|disability|disclosure|discretion|disposal
dispute|document|donation|duty|election|email|emergency|employee|employer|enquiry|entry|equipment|estate
estimate|evaluation|event|evidence|exception|exemption|expense|expiry|extension|facility|fairness|fee
file|finding|fixture|footpath|forecast|form|forum|fraud|fund|furniture|gift|governance|grant|grievance
group|guarantee|guidance|hall|harassment|hazard|hearing|heritage|hire|holiday|hospitality|identity|image
impact|improvement|incident|income|indemnity|induction|information|injury|inspection|instruction
insurance|interest|interview|invoice|issue|item|job|judgement|key|land|landlord|law|lease|ledger|letter
liability|licence|link|litter|loan|location|log|loss|maintenance|majority|manager|market|material|matter
measure|media|meeting|member|memorial|memorandum|message|method|minute|misconduct|motion|neighbour
newsletter|notice|objection|objective|obligation|occupant|offence|office|officer|opinion|option|order
organisation|outcome|owner|page|panel|parish|park|partner|password|pavilion|payment|penalty|pension
performance|period|permission|permit|person|petition|photograph|plan|platform|play|policy|post|practice
precept|premises|principle|priority|privacy|procedure|process|product|programme|project|property
proposal|protection|provider|purchase|purpose|quality|question|quorum|quotation|rate|reason|receipt
recommendation|record|recruitment|reference|refund|register|regulation|relationship|remedy|renewal
repair|report|representative|request|requirement|reserve|resident|resolution|resource|response
responsibility|result|retention|review|right|risk|role|room|route|rule|safety|salary|sanction|schedule
scheme|school|scope|scrutiny|seal|secretary|security|selection|service|session|settlement|signatory
signature|site|society|sponsor|staff|standard|statement|station|statute|stock|storage|strategy|street
subject|subscription|summary|supervisor|supplier|surface|survey|system|target|task|tenancy|tenant|tender
term|theft|threshold|timetable|title|trader|training|transaction|transfer|travel|treasurer|tree|trustee
undertaking|update|use|user|vacancy|value|vehicle|vendor|venue|verge|village|visitor|volunteer|vote
voucher|ward|warning|waste|website|welfare|witness|work|worker|workplace|youth
""")

ADJECTIVES = listed("""
accessible|accountable|accurate|additional|adequate|administrative|annual|anonymous|applicable
appropriate|approved|authorised|available|capital|civic|clear|commercial|competent|complete|compulsory
confidential|consistent|contractual|corporate|current|detailed|digital|direct|disciplinary|discretionary
domestic|economic|effective|electronic|eligible|emergency|environmental|equal|essential|ethical
exceptional|existing|external|fair|final|financial|flexible|formal|full|further|general|independent
individual|informal|initial|internal|joint|lawful|leading|legal|lengthy|local|long-term|mandatory
material|medical|minimum|monthly|municipal|mutual|national|necessary|new|occasional|official|ongoing
online|open|operational|ordinary|original|outstanding|partial|permanent|personal|physical|political
previous|primary|principal|prior|private|professional|prompt|proper|proportionate|protected|public
quarterly|reasonable|recent|regional|regular|relevant|reliable|respectful|responsible|restricted|robust
routine|safe|secondary|secure|sensitive|separate|serious|sheltered|short|significant|social|special
specific|statutory|strategic|structured|suitable|sustainable|technical|temporary|timely|transparent
unreasonable|urgent|valid|verbal|vulnerable|weekly|written|yearly
""")

FIRST = listed("""
Ald|Ash|Bar|Beck|Bex|Brad|Brom|Burn|Cal|Car|Chel|Clay|Cot|Crow|Dal|Den|Dun|East|Elm|Fen|Field|Gay|Glen
Green|Hal|Hard|Hather|Hazel|Hol|Hurst|Kel|Kirk|Lang|Lin|Lock|Mar|Mel|Mill|Nether|New|Nor|Oak|Old|Pen|Rad
Raven|Red|Rod|Ros|Rush|San|Sel|Shel|Sher|Stan|Stock|Sut|Thorn|Under|Wal|War|West|Whit|Wick|Win|Wood
""")

LAST = listed("""
beck|bourne|bridge|brook|bury|by|combe|cot|croft|dale|den|field|ford|gate|grove|ham|hill|holme|hurst|ley
low|mere|minster|mouth|over|port|shaw|stead|stoke|thorpe|ton|tree|wade|well|wick|worth
""")

AREAS = listed("""
Allotments|Archive|Building|Burial Ground|Capital|Car Park|Community Centre|Complaints|Councillor
Digital|Election|Events|Expenses|Fleet|Footpath|Garden|Grants|Grounds|Hall Hire|Heritage|Information
Library|Lone Worker|Market|Memorial|Museum|Newsletter|Open Space|Pavilion|Play Area|Procurement|Property
Recruitment|Reserves|Street Furniture|Town Twinning|Tree|Volunteer|Website|Youth
""")

TOPICS = listed("""
Access|Acceptable Use|Asset|Attendance|Bookings|Charging|Communications|Conduct|Conservation
Consultation|Data|Donations|Equality|Fees|Health and Safety|Inspection|Insurance|Investment|Licensing
Maintenance|Management|Monitoring|Naming|Petitions|Photography|Retention|Risk|Safeguarding|Security
Training
""")

SECTIONS = listed("""
Introduction|Aims and Objectives|Who This Policy Covers|Legal Framework|Roles and Responsibilities
Principles|Procedure|Applications|Decisions|Appeals|Fees and Charges|Standards of Conduct|Records
Confidentiality|Health and Safety|Training and Support|Equality and Access|Communications|Complaints
Safeguarding|Insurance|Inspection and Maintenance|Contracts and Suppliers|Use of Equipment
Data Protection|Risk Management|Environment|Reporting|Breaches of This Policy|Partnerships
Community Involvement|Emergency Arrangements
""")

LINKS = listed("and|so that it can|before it may|unless it is asked to|in order to|or, failing that,")
JOINTS = listed("for|of|under|about|within|against|before|after|arising from|in line with|with regard to")
INITIALS = ["TA", "KM", "JW", "SO", "PD"]

# Every policy has these three places, never deleted and never internal, so that any policy may refer to them.
NAMES = ["who-is-covered", "records-kept", "next-review"]

COMMENT = re.compile(r" ?\{>>.*?<<\}")
NAME = re.compile(r" \{#[a-z-]+\}")
INTERNAL = re.compile(r"^.* \{\.internal\}\n\n", re.M)
APPENDIX = re.compile(r" \{\.appendix\}")
REFERENCE_HERE = re.compile(r"\[clause\]\(#[a-z-]+\)")
REFERENCE_ELSEWHERE = re.compile(r"\((policy-\d+\.md)#[a-z-]+\)")
VERSION = re.compile(r"^version: \d+$", re.M)
DATES = re.compile(r"^date_published: .*\n", re.M)
INSERTED = re.compile(r"^ *(?:## |1\.  )\^\^[^^\n]*\^\^\n\n| \^\^[^^\n]*\^\^", re.M)
DELETED = re.compile(r"~~([^~\n]*)~~")
FRONT_MATTER = re.compile(r"\A---\ntitle: (.*)\n(?:.*\n)*?---\n")


def slug(index: int) -> str:
    return f"policy-{index:04}"


def write(folder: Path, count: int, seed: int = 1) -> None:
    """Write policies 1 to count into the folder, in the project's own dialect."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(1, count + 1):
        (folder / f"{slug(index)}.md").write_text(policy(index, count, seed), encoding="utf-8", newline="\n")


def write_versions(folder: Path, count: int, kept: int = 5, seed: int = 1) -> None:
    """Write policies 1 to count, each with so many kept versions; the approved ones are the newest of these."""
    write(folder, count, seed)
    for index in range(1, count + 1):
        path, chance = folder / f"{slug(index)}.md", random.Random(f"{seed}/{index}/versions")
        text = path.read_text(encoding="utf-8")
        is_draft = "\nstatus: draft\n" in text
        path.write_text(VERSION.sub(f"version: {kept + is_draft}", text), encoding="utf-8", newline="\n")
        texts = [before(text)]
        while len(texts) < kept:
            texts.append(earlier(texts[-1], chance))
        home = folder / "archive" / slug(index)
        home.mkdir(parents=True, exist_ok=True)
        sums = ""
        for number, body in enumerate(reversed(texts), 1):
            day = f"\ndate_published: {2015 + number}-05-01\ndistribution:"
            body = VERSION.sub(f"version: {number}", DATES.sub("", body)).replace("\ndistribution:", day, 1)
            data = body.replace("status: draft", "status: approved", 1).encode()
            (home / f"v{number}.md").write_bytes(data)
            sums += f"{hashlib.sha256(data).hexdigest()}  v{number}.md\n"
        (home / "SHA256SUMS").write_text(sums, encoding="utf-8")


def before(text: str) -> str:
    """The text that a draft would change."""
    return DELETED.sub(r"\1", INSERTED.sub("", COMMENT.sub("", text)))


def earlier(text: str, chance: random.Random) -> str:
    """The text of a version before: three clauses had other words, and one wasn't there."""
    lines = text.split("\n")
    plain = [number for number, line in enumerate(lines) if line.startswith("1.  ") and line.endswith(".")]
    reworded = chance.sample(plain, 4)
    for number in reworded[:3]:
        words = lines[number].split(" ")
        place = chance.randrange(3, len(words))
        words[place:place] = [chance.choice(ADJECTIVES)]
        lines[number] = " ".join(words)
    following = lines[reworded[3] + 2] if reworded[3] + 2 < len(lines) else ""
    if following.startswith("1.  "):  # else it may hold others
        del lines[reworded[3] : reworded[3] + 2]
    return "\n".join(lines)


def write_bare(folder: Path, count: int, seed: int = 1) -> None:
    """Write the same words, marks included, as Markdown for plain MkDocs with pymdown-extensions."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(1, count + 1):
        text = bare(policy(index, count, seed))
        (folder / f"{slug(index)}.md").write_text(text, encoding="utf-8", newline="\n")


def bare(text: str) -> str:
    for pattern in (COMMENT, NAME, INTERNAL, APPENDIX):
        text = pattern.sub("", text)
    text = REFERENCE_HERE.sub("clause", text)
    text = REFERENCE_ELSEWHERE.sub(r"(\1)", text)
    return FRONT_MATTER.sub(r"# \1\n", text)


def policy(index: int, count: int, seed: int = 1) -> str:
    """The source of one policy. Every third is approved and has no amendments, the others are drafts."""
    writer = Writer(random.Random(f"{seed}/{index}"), index, count, draft=index % 3 != 0)
    return writer.front_matter() + "\n" + "\n\n".join(writer.blocks()) + "\n"


class Writer:
    """One policy in the making; each method returns Markdown, and draws on one source of chance."""

    def __init__(self, chance: random.Random, index: int, count: int, draft: bool) -> None:
        self.chance = chance
        self.index = index
        self.count = count
        self.draft = draft

    def front_matter(self) -> str:
        area, topic = AREAS[self.index % len(AREAS)], TOPICS[self.index // len(AREAS) % len(TOPICS)]
        again = self.index // (len(AREAS) * len(TOPICS))
        published = date(2024, 1, 1) + timedelta(days=self.chance.randrange(700))
        lines = [
            f"title: {area} {topic} Policy" + (f" {again + 1}" if again else ""),
            f"version: {self.chance.randint(1, 9)}",
            f"status: {'draft' if self.draft else 'approved'}",
            f"owner: {self.chance.choice(INITIALS)}",
            f'policy_number: "{self.index:04}"',
            f'doc_number: "{60000 + self.index}"',
            f"review_team: {self.chance.choice(BODIES)}",
        ]
        if not self.draft:
            lines += [f"date_published: {published}", f"review_due: {published + timedelta(days=1096)}"]
        lines += ["distribution:", "  internal: [All Staff]", "  external: [Website, Partners]"]
        return "---\n" + "\n".join(lines) + "\n---\n"

    def blocks(self) -> Iterator[str]:
        titles = self.chance.sample(SECTIONS, 10)
        inserted = self.chance.randint(2, 8) if self.draft else None
        for place, title in enumerate(titles):
            yield f"## ^^{title}^^" if place == inserted else f"## {title}"
            if self.chance.random() < 0.3:
                yield self.sentence(18)
            yield from self.section(place)
        yield f"## {self.phrase().capitalize()} {{.appendix}}"
        yield from (self.item(self.sentence(14)) for _ in range(3))

    def section(self, place: int) -> Iterator[str]:
        """A few clauses. What is special stands in fixed sections, so that each policy has some of all."""
        names = {0: NAMES[0], 4: NAMES[1], 9: NAMES[2]}
        if place in names:
            yield self.item(f"{self.sentence(28)} {{#{names[place]}}}")
        for _ in range(self.chance.randint(2, 3)):
            yield self.item(self.amended(self.sentence(self.chance.randint(20, 46))))
        if place % 2:
            yield from self.nested()
        if place == 2:
            yield from self.table()
        if place == 3:
            yield self.item(f"{self.sentence(30)} The rule of [clause](#{NAMES[1]}) goes before this.")
        if place == 5:
            further_on = self.index + self.chance.randrange(1, max(self.count, 2))
            other = slug((further_on - 1) % self.count + 1)
            yield self.item(f"This is read with [clause]({other}.md#{self.chance.choice(NAMES)}): {self.clause(16)}.")
        if place == 6:
            yield f"### {self.phrase().capitalize()}"
            yield self.item(f"{self.clause(8).capitalize()}, in particular:")
            yield "\n".join(f"    -   {self.phrase()}" for _ in range(3))
        if place == 7 and self.index % 5 == 0:
            yield self.item(f"{self.sentence(20)} {{.internal}}")
        if place == 8 and self.draft:
            yield self.item(f"~~{self.sentence(24)}~~")
            yield self.item(f"^^{self.sentence(30)}^^{self.comment()}")

    def nested(self) -> Iterator[str]:
        """A clause with sub-clauses, the second of them sometimes with its own."""
        yield self.item(f"The {self.chance.choice(BODIES)} will {self.chance.choice(VERBS)}:")
        for place in range(self.chance.randint(3, 4)):
            if place == 1 and self.chance.random() < 0.5:
                yield self.item(f"{self.phrase()}, which means:", depth=1)
                yield from (self.item(self.clause(9) + ".", depth=2) for _ in range(2))
            else:
                yield self.item(self.amended(self.clause(self.chance.randint(8, 16)) + "."), depth=1)

    def table(self) -> Iterator[str]:
        yield self.item(f"The {self.chance.choice(ADJECTIVES)} charges and limits are:")
        rows = ["| Matter | Decided by | Limit |", "| --- | --- | ---: |"]
        for _ in range(5):
            limit = self.chance.randrange(50, 5000, 50)
            rows.append(f"| {self.phrase().capitalize()} | {self.chance.choice(BODIES)} | £{limit:,} |")
        yield "\n".join("    " + row for row in rows)

    def item(self, text: str, depth: int = 0) -> str:
        return f"{'    ' * depth}1.  {text}"

    def amended(self, text: str) -> str:
        """Of a draft's clauses, one in six has words struck out, put in, or both; some with a comment."""
        if not self.draft or self.chance.random() > 1 / 6:
            return text
        words = text.split(" ")
        start = self.chance.randrange(1, len(words) - 4)
        end = start + self.chance.randint(1, 3)
        old, new = f"~~{' '.join(words[start:end])}~~", f"^^{self.phrase()}^^"
        mark = self.chance.choice([old, new, f"{old} {new}"])
        if self.chance.random() < 0.3:
            mark += self.comment()
        return " ".join([*words[:start], mark, *words[end:]])

    def comment(self) -> str:
        return f" {{>>{self.chance.choice(INITIALS)}: {self.phrase()} to be agreed with {self.place()}<<}}"

    def sentence(self, length: int) -> str:
        """About so many words, from a capital to a full stop."""
        subject, must = self.chance.choice(BODIES), self.chance.choice(["will", "must", "may", "shall"])
        return f"The {subject} {must} {self.clause(length - 4)}."

    def clause(self, length: int) -> str:
        """About so many words, beginning with a verb."""
        words = self.predicate()
        while len(words) < length:
            words += self.chance.choice(LINKS).split() + self.predicate()
        return " ".join(words)

    def predicate(self) -> list[str]:
        end = self.chance.choice([self.phrase(), f"the {self.phrase()} at {self.place()}", self.term()])
        return f"{self.chance.choice(VERBS)} the {self.phrase()} {self.chance.choice(JOINTS)} {end}".split()

    def phrase(self) -> str:
        noun = self.chance.choice(NOUNS)
        if not noun.endswith(("s", "x", "y", "ch")) and self.chance.random() < 0.4:
            noun += "s"
        return f"{self.chance.choice(ADJECTIVES)} {noun}"

    def place(self) -> str:
        return self.chance.choice(FIRST) + self.chance.choice(LAST)

    def term(self) -> str:
        return f"{self.chance.randint(2, 60)} working days"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("count", type=int)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--bare", action="store_true", help="for plain MkDocs, without the project's dialect")
    given = arguments.parse_args()
    (write_bare if given.bare else write)(given.folder, given.count, given.seed)


if __name__ == "__main__":
    main()
