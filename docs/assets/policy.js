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

  /* The reading: asked for in the address, else chosen in this visit, else the one that the page opens in. */
  const readings = [...document.querySelectorAll("input[name=reading]")]
  const usual = readings.find(input => input.defaultChecked)?.value
  const inForce = head.dataset.citeInForce
  const spoken = {
    marked: "Changes are shown.",
    amended: "The text is shown as it would be; changes are hidden.",
    previous: inForce ? "The text in force is shown." : "The text is shown as it was before these changes.",
  }
  const store = {
    get: () => { try { return sessionStorage.getItem("reading") } catch { return null } },
    set: value => { try { sessionStorage.setItem("reading", value) } catch { /* no storage in this browser: not remembered */ } },
  }
  /* A comparison is there for its changes: it always opens with them. */
  if (head.hasAttribute("data-forgets")) store.get = store.set = () => null
  const current = () => readings.find(input => input.checked)?.value
  const choose = value => {
    const input = readings.find(each => each.value === value)
    if (input) input.checked = true
    return Boolean(input)
  }
  /* An address that shows again what is shown now. */
  const addressed = hash => {
    const address = new URL(location.href)
    if (current() === usual) address.searchParams.delete("reading")
    else address.searchParams.set("reading", current())
    address.hash = hash
    return address
  }
  let renew = () => {} // the tools beside clauses, which say numbers
  const chosen = value => {
    history.replaceState(history.state, "", addressed(location.hash))
    say(spoken[value])
    renew()
  }
  if (readings.length) {
    /* The last, because some browsers tick again what was ticked before the page was loaded anew. */
    choose(new URLSearchParams(location.search).get("reading")) || choose(store.get()) || choose(usual)
    for (const input of readings) input.addEventListener("change", () => { store.set(input.value); chosen(input.value) })
    document.body.dataset.scripted = "" // no style sheet needs to choose the changes from here on
  }

  /* An address may lead into a closed list, or to a clause that the chosen reading hides. One that comes from elsewhere
     means a number as amended: where the reading has another in that place, the reader sees both. */
  let isFollowed = false
  document.addEventListener("click", event => { isFollowed = Boolean(event.target.closest("a[href^='#']")) })
  const land = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    const list = target.closest("details")
    if (list) list.open = true
    const place = target.closest("[data-level]")
    const isOther = !isFollowed && current() === "previous" && place?.dataset.number !== place?.dataset.previousNumber
      && [place.id, place.dataset.number.replaceAll(" ", "")].includes(target.id)
    isFollowed = false
    const isHidden = !visible(target) || (place && !visible(place.querySelector("p") ?? place))
    if (readings.length && article.contains(target) && (isOther || isHidden)) {
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

  /* What a place is cited by, and its address: clause 6.2.1, or as its council calls it; in the reading in force by the
     number of that version, whose address stays. */
  const citation = (place, spot) => {
    const { level, cited, number, previousNumber } = place.dataset
    const isPrevious = current() === "previous"
    const there = isPrevious && inForce && spot.querySelector(":scope > .clause-number > .in-force")
    if (there) return { words: there.dataset.cited, text: inForce, address: there.href }
    const kind = level !== "1" ? "clause" : place.matches(".appendix") ? "appendix" : "section"
    const shown = isPrevious ? previousNumber : number || previousNumber
    return {
      words: cited ? cited.replace(number || previousNumber, shown) : `${kind} ${shown}`,
      text: head.dataset.cite + (isPrevious ? ", before these changes" : ""),
      address: addressed((isPrevious && spot.querySelector(":scope > .anchor[id^='was-']")?.id) || place.id).href,
    }
  }

  /* Beside a clause's number: copy its address, copy a citation. On touch screens always, else on hover and focus. */
  const tools = place => {
    const box = document.createElement("span")
    box.className = "clause-tools no-print"
    const spot = place.tagName === "LI" ? place.querySelector("p") : place
    const cited = citation(place, spot)
    for (const [words, label, text] of [
      ["Link", `Link to ${cited.words}: copy`, cited.address],
      ["Cite", `Cite ${cited.words}: copy`, `${cited.text}, ${cited.words}, ${head.dataset.council}`],
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
    spot.append(box)
    return box
  }
  if (matchMedia("(hover: none)").matches) {
    const all = () => { for (const place of article.querySelectorAll("[data-level]:has(.clause-number)")) tools(place) }
    renew = () => { for (const box of article.querySelectorAll(".clause-tools")) box.remove(); all() }
    all()
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
    renew = () => show(null)
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
