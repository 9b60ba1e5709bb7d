/* What a policy page can do beyond plain HTML: remember the reading, step through changes, copy citations, preview references. */
(() => {
  "use strict"
  const article = document.querySelector(".policy")
  const head = document.querySelector("[data-cite]")
  const said = document.querySelector("[data-announce]")
  const say = words => { said.textContent = words }
  const visible = element => element.getClientRects().length > 0
  const escape = action => addEventListener("keydown", event => { if (event.key === "Escape") action() })
  document.querySelector("[data-print]").addEventListener("click", () => print())

  /* A table that is wider than the page scrolls by itself, and by keyboard. */
  for (const frame of article.querySelectorAll(".scroll")) {
    if (frame.scrollWidth <= frame.clientWidth) continue
    frame.tabIndex = 0
    frame.setAttribute("role", "region")
    frame.setAttribute("aria-label", `Table, ${frame.closest("[data-level]")?.id ?? "wide"}`)
  }

  /* The reading: asked for in the address, else remembered, else with changes. */
  const readings = [...document.querySelectorAll("input[name=reading]")]
  const spoken = {
    marked: "Changes are shown.",
    amended: "The text is shown as amended; changes are hidden.",
    previous: "The text is shown as it was before the changes.",
  }
  const store = {
    get: () => { try { return localStorage.getItem("reading") } catch { return null } },
    set: value => { try { localStorage.setItem("reading", value) } catch { /* no storage in this browser: not remembered */ } },
  }
  /* A comparison is there for its changes: it always opens with them. */
  if (head.hasAttribute("data-forgets")) store.get = store.set = () => null
  const choose = value => {
    const input = readings.find(each => each.value === value)
    if (input) input.checked = true
    return Boolean(input)
  }
  const chosen = value => {
    const address = new URL(location.href)
    if (value === "marked") address.searchParams.delete("reading")
    else address.searchParams.set("reading", value)
    history.replaceState(history.state, "", address)
    say(spoken[value])
  }
  if (readings.length) {
    /* The last, because some browsers tick again what was ticked before the page was loaded anew. */
    choose(new URLSearchParams(location.search).get("reading")) || choose(store.get()) || choose("marked")
    for (const input of readings) input.addEventListener("change", () => { store.set(input.value); chosen(input.value) })
  }

  /* An address may lead into a closed list, or to a clause that the chosen reading hides. */
  const land = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    const list = target.closest("details")
    if (list) list.open = true
    const place = target.closest("[data-level]")
    if (place && readings.length && !visible(place.querySelector("p") ?? place)) {
      choose("marked")
      chosen("marked")
    }
    target.scrollIntoView()
  }
  addEventListener("hashchange", land)
  land()
  for (const link of document.querySelectorAll("a[href='#schedule-of-amendments'], a[href='#renumbered-clauses'], a[href='#comments']")) {
    link.addEventListener("click", () => setTimeout(land))
  }

  /* Next and previous change, from where the reader is. */
  const changes = [...article.querySelectorAll("del, ins")].filter(each => !each.closest(".clause-number"))
  let here = -1
  const step = by => {
    if (!changes.some(visible)) return
    const line = innerHeight / 3
    if (here < 0 || Math.abs(changes[here].getBoundingClientRect().top - line) > innerHeight) {
      const below = changes.findIndex(each => each.getBoundingClientRect().top > line)
      here = by > 0 ? (below < 0 ? -1 : below - 1) : (below < 0 ? changes.length : below)
    }
    changes[here]?.classList.remove("change-here")
    here = (here + by + changes.length) % changes.length
    const change = changes[here]
    change.classList.add("change-here")
    change.scrollIntoView({ block: "center" })
    const place = change.closest("[data-level]")
    say(`Change ${here + 1} of ${changes.length}${place ? `, clause ${place.id}` : ""}: ${change.textContent}`)
  }
  for (const button of document.querySelectorAll("[data-change]")) {
    button.addEventListener("click", () => step(Number(button.dataset.change)))
  }
  addEventListener("keydown", event => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return
    event.preventDefault()
    step(event.key === "ArrowDown" ? 1 : -1)
  })

  /* What a place is cited by: clause 6.2.1, or as its council calls it. */
  const citation = place => {
    const kind = place.dataset.level !== "1" ? "clause" : place.matches(".appendix") ? "appendix" : "section"
    return place.dataset.cited || `${kind} ${place.dataset.number || place.dataset.previousNumber}`
  }

  /* Beside a clause's number: copy its address, copy a citation. On touch screens always, else on hover and focus. */
  const tools = place => {
    const box = document.createElement("span")
    box.className = "clause-tools no-print"
    const address = new URL(`#${place.id}`, location.href.replace(/[?#].*/, "")).href
    const cited = citation(place)
    for (const [words, label, text] of [
      ["Link", `Link to ${cited}: copy`, address],
      ["Cite", `Cite ${cited}: copy`, `${head.dataset.cite}, ${cited}, ${head.dataset.council}`],
    ]) {
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = words
      button.title = text
      button.setAttribute("aria-label", label)
      button.addEventListener("click", async () => {
        let done = "Copied"
        try { await navigator.clipboard.writeText(text) } catch { done = "Not copied: the browser did not allow it" }
        button.textContent = done
        say(done)
        setTimeout(() => { button.textContent = words }, 2000)
      })
      box.append(button)
    }
    (place.tagName === "LI" ? place.querySelector("p") : place).append(box)
    return box
  }
  if (matchMedia("(hover: none)").matches) {
    for (const place of article.querySelectorAll("[data-level]:has(.clause-number)")) tools(place)
  } else {
    let shown = null, owner = null
    const show = place => {
      if (place === owner) return
      shown?.remove()
      owner = place
      shown = place && tools(place)
    }
    article.addEventListener("mouseover", event => {
      const place = event.target.closest("[data-level]:has(.clause-number)")
      if (place && !shown?.contains(document.activeElement)) show(place)
    })
    article.addEventListener("focusin", event => show(event.target.closest("[data-level]:has(.clause-number)")))
    escape(() => { if (!shown?.contains(document.activeElement)) show(null) })
  }

  /* A reference shows the clause it leads to, on hover and on focus; Escape hides it. */
  const pages = new Map()
  const words = async link => {
    const address = new URL(link.href)
    const id = decodeURIComponent(address.hash.slice(1))
    if (address.pathname === location.pathname) {
      const place = document.getElementById(id)?.closest("[data-level]")
      const text = place?.tagName === "LI" ? place.querySelector("p") : place
      const tool = text?.querySelector(".clause-tools")
      const found = text?.innerText.replace(/\[(deleted|inserted): /g, "").replace(/\]/g, "")
      return tool ? found.replace(tool.innerText, "") : found
    }
    const slug = address.pathname.replace(/\/$/, "").split("/").pop()
    const source = new URL(`${slug}.json`, address.origin + address.pathname).href
    if (!pages.has(source)) pages.set(source, fetch(source).then(answer => answer.json()).catch(() => null))
    const policy = await pages.get(source)
    const clause = policy?.clauses.find(each => each.id === id)
    return clause ? [clause.label && clause.number, clause.text].filter(Boolean).join(" ") : policy?.title
  }
  let tip = null
  const hide = () => { tip?.link.removeAttribute("aria-describedby"); tip?.box.remove(); tip = null }
  const preview = async link => {
    if (tip?.link === link) return
    hide()
    const text = (await words(link))?.trim()
    if (!text || tip || !(link.matches(":hover") || link === document.activeElement)) return
    const box = document.createElement("div")
    box.className = "clause-tip"
    box.id = "clause-tip"
    box.setAttribute("role", "tooltip")
    box.textContent = text.length > 600 ? `${text.slice(0, 600)} …` : text
    link.closest("p, li, td, h2, h3").append(box) // in the landmark and the reading order of its link
    const at = link.getBoundingClientRect(), origin = box.offsetParent.getBoundingClientRect()
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8)) - origin.left}px`
    box.style.top = `${at.bottom - origin.top + 2}px`
    link.setAttribute("aria-describedby", "clause-tip")
    box.addEventListener("mouseleave", hide)
    tip = { link, box }
  }
  for (const link of article.querySelectorAll("a.reference")) {
    link.addEventListener("mouseenter", () => preview(link))
    link.addEventListener("focus", () => preview(link))
    link.addEventListener("blur", hide)
    link.addEventListener("mouseleave", () => setTimeout(() => { if (tip?.link === link && !tip.box.matches(":hover")) hide() }, 150))
  }
  escape(hide)
})()
