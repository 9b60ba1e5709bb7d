"""What search engines are told: which version is in force, who adopted each, and where it is for good."""

from datetime import date
from pathlib import Path
from typing import Any

from building import SETTINGS, policy
from readers_policies import FEES, approved, keep

from policydoc.editions import council, kept_versions
from policydoc.outputs import linked_data

SITE = SETTINGS.site_url.rstrip("/")
DAY = date(2026, 12, 1)
# What schema.org knows of a Legislation, which is a CreativeWork, and of JSON-LD itself
KNOWN = {
    "@context", "@type", "@id", "url", "name", "version", "legislationIdentifier", "inLanguage", "publisher",
    "keywords", "license", "creativeWorkStatus", "datePublished", "legislationLegalForce", "legislationDate",
    "legislationPassedBy", "legislationDateVersion", "temporalCoverage", "workExample", "exampleOfWork",
}  # fmt: skip


def told(root: Path, text: str, *kept: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What is said of a policy, and of each of its kept versions, the newest first."""
    (root / "policy_src").mkdir()
    (root / "policy_src/dogs.md").write_text(text, "utf-8")
    keep(root, "dogs", *kept)
    policies = council.read(root, "external", SETTINGS)
    assert not policies.errors, policies.errors
    dogs, folder = policies.published["dogs"], root / "policy_src"
    versions = kept_versions.kept_versions(policies.published, policies.destinations, folder, SETTINGS).get("dogs", ())
    work = linked_data.of_policy(dogs, versions, SETTINGS, DAY)
    some = [linked_data.of_version(dogs, version, SETTINGS, DAY) for version in versions]
    assert set().union(work, *work.get("workExample", []), *some) <= KNOWN
    return work, some


def force(said: dict[str, Any]) -> tuple[str, str]:
    return said["version"], said["legislationLegalForce"].rpartition("/")[2]


ONE = approved("1", adopted="{by: Full Council, on: 2020-04-20, minute: FC 7}", title="Dogs")


def test_a_draft_is_told_by_what_is_in_force(tmp_path: Path) -> None:
    draft = policy(FEES.replace("£75", "~~£75~~ ^^£80^^"), version="2", title="Dogs and Cats")
    work, [version] = told(tmp_path, draft, ONE)
    assert force(work) == force(version) == ("1", "InForce") and work["name"] == "Dogs"
    assert work["@id"] == f"{SITE}/policies/dogs/" and version["@id"] == f"{SITE}/policies/dogs/v1/"
    assert work["legislationIdentifier"] == "7" and work["legislationDate"] == "2020-04-20"
    assert work["legislationPassedBy"] == {"@type": "Organization", "name": "Full Council"}
    [example] = work["workExample"]
    assert example["url"] == version["url"] and version["exampleOfWork"]["@id"] == work["@id"]
    assert example["temporalCoverage"] == version["temporalCoverage"] == "2020-05-01/.."


def test_only_one_version_is_in_force(tmp_path: Path) -> None:
    two, three = approved("2", title="Dogs"), approved("3", title="Dogs", effective="2027-03-01")
    work, versions = told(tmp_path, three, ONE, two, three)
    assert [force(version) for version in versions] == [("3", "NotInForce"), ("2", "InForce"), ("1", "NotInForce")]
    assert force(work) == ("2", "InForce")
    days = ["2027-03-01/..", "2021-05-01/2027-02-28", "2020-05-01/2021-04-30"]
    assert [version["temporalCoverage"] for version in versions] == days
    assert [version["legislationDateVersion"] for version in versions] == [day[:10] for day in days]


def test_what_was_never_approved_is_not_in_force(tmp_path: Path) -> None:
    work, versions = told(tmp_path, policy(FEES))
    assert force(work) == ("1", "NotInForce") and work["creativeWorkStatus"] == "draft"
    assert "workExample" not in work and not versions


def test_what_is_withdrawn_is_not_in_force_nor_are_its_versions(tmp_path: Path) -> None:
    work, [version] = told(tmp_path, approved("1", status="withdrawn"), ONE)
    assert force(work) == force(version) == ("1", "NotInForce")
    assert "temporalCoverage" not in version  # nobody says until when


def test_a_version_for_staff_is_not_told_of(tmp_path: Path) -> None:
    staff = approved("2", distribution="{internal: [All staff]}", title="Secret")
    work, versions = told(tmp_path, approved("3"), ONE, staff, approved("3"))
    assert [example["version"] for example in work["workExample"]] == ["3", "1"] and len(versions) == 2
    assert "Secret" not in str(work)
    assert "temporalCoverage" not in versions[1]  # its last day is that of a version that nobody is told of
