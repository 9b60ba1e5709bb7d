/* Marks, in the contents beside a text, the section that the reader has come to. */
(() => {
  "use strict"
  const links = new Map([...document.querySelectorAll(".md-nav--secondary a[href^='#']")]
    .map(link => [document.getElementById(decodeURIComponent(link.hash.slice(1))), link]).filter(([place]) => place))
  if (!links.size) return
  let active = null
  const mark = () => {
    let now = null
    for (const [place, link] of links) {
      /* A reading may hide a place, or call it by another number. */
      if (!place.getClientRects().length || !link.getClientRects().length) continue
      if (place.getBoundingClientRect().top < innerHeight / 4) now = link
    }
    if (now === active) return
    active?.removeAttribute("aria-current")
    active = now
    active?.setAttribute("aria-current", "location")
    const box = document.querySelector(".md-sidebar--secondary .md-sidebar__scrollwrap")
    if (active) box.scrollTop = active.offsetTop - box.clientHeight / 2
  }
  let waiting = false
  addEventListener("scroll", () => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => { waiting = false; mark() })
  }, { passive: true })
  mark()
})()
