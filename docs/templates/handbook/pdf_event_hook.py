"""Turns the page that mkdocs-with-pdf has put together into one that makes a PDF/UA-1 file without a warning.

mkdocs-with-pdf looks for a module of this name in the folder in which it is started.
"""

from copy import copy
from logging import Logger
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from mkdocs.exceptions import PluginError


def inject_link(html: str, pdf_path: str, page: Any, logger: Logger) -> str:
    """The pages are for this PDF alone: no link to it."""
    return html


def pre_pdf_render(soup: BeautifulSoup, logger: Logger) -> BeautifulSoup:
    """The last step before WeasyPrint."""
    soup.html["lang"] = "en-GB"
    # The plugin's own styles make warnings, ask for the machine's fonts and keep lists from breaking: print.css is all.
    for style in soup.head("style"):
        style.decompose()
    cover = soup.select_one("#doc-cover > style")
    if cover is None:  # the plugin goes on without a cover, or with one of its own
        raise PluginError("docs/templates/handbook/cover.html is missing, or has no style")
    soup.head.append(cover.extract())
    label(soup)
    step_down(soup)
    lead_out(soup)
    flatten(soup)
    sign(soup)
    for deletion in soup("del"):
        if deletion.next_sibling is not None and deletion.next_sibling.name == "ins":
            deletion.insert_after(" ")  # or text that is copied would run "may" and "must" together
    for comment in soup.select(".comment"):
        comment.insert_before(" ")
    return soup


def step_down(soup: BeautifulSoup) -> None:
    """Headings go down one level at a time, whatever an author wrote."""
    level = 0
    for heading in soup(["h1", "h2", "h3", "h4", "h5", "h6"]):
        level = min(int(heading.name[1]), level + 1)
        heading.name = f"h{level}"


def label(soup: BeautifulSoup) -> None:
    """Gives each heading a name for contents and bookmarks: its number and words as amended, and what becomes of it."""
    for heading in soup(["h1", "h2", "h3"]):
        words = copy(heading)
        status = heading.get("data-status", "")
        unread = ".vh, .comment, sup" if status == "deleted" else ".vh, .comment, sup, del"
        for part in words.select(unread):
            part.decompose()
        note = f" ({status})" if status in ("deleted", "inserted") else ""
        heading["data-label"] = " ".join(words.get_text().split()) + note
    listed = [heading for heading in soup(["h1", "h2"]) if not heading.find_parent(id="doc-toc")]
    for number, (heading, link) in enumerate(zip(listed, soup.select("#doc-toc a"), strict=True)):
        heading["id"] = heading.get("id") or f"heading-{number}"  # one that was written as HTML may have none
        link["href"], link.string = f"#{heading['id']}", heading["data-label"]


def flatten(soup: BeautifulSoup) -> None:
    """Puts links inside what they hold: WeasyPrint makes a link of each box within one, and tags the outer alone."""
    for link in soup("a"):
        if link.find(True):
            for words in link.find_all(string=True):
                words.wrap(soup.new_tag("a", attrs=dict(link.attrs)))
            for picture in link("img"):
                address = soup.new_tag("a", attrs=dict(link.attrs))
                address.string = link["href"]
                picture.insert_after(" ", address)
            link.unwrap()


def sign(soup: BeautifulSoup) -> None:
    """Sets bullets and numbers as text: WeasyPrint tags those of its own wrongly where items hold paragraphs."""
    for listing in soup.select("ul, ol:not(.clauses)"):
        if listing.find_parent(id="doc-toc"):
            continue
        for number, item in enumerate(listing("li", recursive=False), int(listing.get("start", 1))):
            bullet = "–" if listing.find_parent("ul") else "•"
            mark = soup.new_tag("span", attrs={"class": "sign"})
            mark.string = f"{number}." if listing.name == "ol" else bullet
            first = item.find(True, recursive=False)
            holds_paragraphs = first is not None and first.name == "p" and not (first.previous_sibling or "").strip()
            holder = first if holds_paragraphs else item
            holder.insert(0, mark)
            holder.insert(1, " ")


def lead_out(soup: BeautifulSoup) -> None:
    """Gives links to files that are not in the handbook (a form to download) the website's address, if it has one."""
    site = soup.head.find("meta", attrs={"name": "site"})["content"]
    anchors = {element["id"] for element in soup(id=True)}
    for link in soup("a", href=True):
        path, hash_sign, anchor = link["href"].partition("#")
        if hash_sign and not path and anchor not in anchors and anchor.endswith("/:"):
            path = anchor.removesuffix("/:")  # how the plugin writes them: #forms/leave.docx/:
            if "." not in path.rpartition("/")[2]:
                continue  # a page: WeasyPrint will say that it is missing
        elif not path or ":" in path or path.startswith("//"):
            continue
        page = link.find_parent("article", attrs={"data-url": True})
        if hash_sign == "" and page:
            path = urljoin(page["data-url"], path)
        link["href"] = urljoin(site, path.lstrip("/"))
        if not site:
            link.unwrap()
