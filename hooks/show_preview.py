"""Keeps the preview answering while something is wrong: it shows the messages as a page, and then the site again.

MkDocs ends a preview whose first build fails, and leaves every browser waiting after a later one.
"""

import logging
import re
import threading
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.commands.build import build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.pages import Page

from rim import require_all

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

PAGE = "messages.html"
HTML = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Not shown yet: something is wrong</title>
<style>body {{ font: 1.1rem/1.5 sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }}
li {{ margin: 0 0 .8rem; overflow-wrap: anywhere }}</style>
</head>
<body>
<main>
<h1>Not shown yet: something is wrong</h1>
<p>Put this right and save the file. The page comes back by itself.</p>
<ul>
{lines}
</ul>
</main>
</body>
</html>
"""


# What a page's security policy says of scripts: only those that are files of ours
_OWN_SCRIPTS = re.compile(r"script-src (?:'self'|&#39;self&#39;)")


class Said(logging.Handler):
    """Keeps the errors that MkDocs and the hooks log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += record.getMessage().removeprefix("policies: ").splitlines()


class Preview:
    """What the last build came to. A request waits for the build that is under way."""

    def __init__(self) -> None:
        self.is_wrong = False
        self._building = threading.RLock()

    def guarded(self, work: Callable[..., None], site: Callable[..., str]) -> Callable[..., None]:
        """The same work, but what stops it becomes a page in the folder that `site` gives for its arguments."""

        def guarded_work(*words: Any, **switches: Any) -> None:
            said = Said()
            logging.getLogger("mkdocs").addHandler(said)
            with self._building:
                try:
                    work(*words, **switches)
                except Exception as error:  # whatever it is, its writer is to read it in the browser
                    self.is_wrong = True
                    write(Path(site(*words)), said.lines or str(error).splitlines() or [type(error).__name__])
                else:
                    self.is_wrong = False
                finally:
                    logging.getLogger("mkdocs").removeHandler(said)

        return guarded_work

    def app(self, server: "LiveReloadServer") -> Callable[..., Iterable[bytes]]:
        """The server's own application, with the page of messages at every address while something is wrong."""

        def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if not environ["PATH_INFO"].startswith("/livereload/"):
                with self._building:
                    if self.is_wrong:
                        environ["PATH_INFO"] = server.mount_path + PAGE
            return server.serve_request(environ, start_response)

        return answer


def write(site: Path, lines: Iterable[str]) -> None:
    items = "\n".join(f"<li>{escape(line)}</li>" for line in dict.fromkeys(lines) if line.strip())
    (site / PAGE).write_text(HTML.format(lines=items), encoding="utf-8")


preview = Preview()
_serving = False  # MkDocs tells on_startup alone what it was started for


def on_startup(command: str, dirty: bool) -> None:
    global _serving
    _serving = command == "serve"
    if _serving:
        from mkdocs.commands import serve  # with a web server, which a build has no use for

        # The first build ends the preview from within MkDocs' own function: there is no event to catch that.
        serve.build = preview.guarded(build, lambda config: config.site_dir)  # type: ignore[attr-defined]


def on_config(config: MkDocsConfig) -> None:
    require_all(config)


@event_priority(-100)  # after the page's own security policy has been looked at
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str | None:
    """Lets the script run that MkDocs puts into each page of a preview, by which a browser hears of a new build."""
    return _OWN_SCRIPTS.sub(r"\g<0> 'unsafe-inline'", output, count=1) if _serving else None


def on_serve(server: "LiveReloadServer", config: MkDocsConfig, builder: Callable[..., None]) -> None:
    from mkdocs.commands import serve

    # From now on round all of it: the builder reads mkdocs.yml anew, which may be what is wrong.
    serve.build = build  # type: ignore[attr-defined]
    server.builder = preview.guarded(server.builder, lambda: config.site_dir)
    server.set_app(preview.app(server))
