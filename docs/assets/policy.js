/* What a policy page can do beyond plain HTML: remember the reading, step through changes, copy citations, preview references. */
(() => {
  "use strict"
  const article = document.querySelector(".policy")
  document.querySelectorAll("[data-print]").forEach(button => button.addEventListener("click", () => print()))
  if (!article) return

  /* The reading: asked for in the address, else remembered, else with changes. */
  const readings = [...document.querySelectorAll("input[name=reading]")]
  const said = document.querySelector("[data-announce]")
  const spoken = {
    marked: "Changes are shown.",
    amended: "The text is shown as amended; changes are hidden.",
    previous: "The text is shown as it was before the changes.",
  }
  const store = {
    get: () => { try { return localStorage.getItem("reading") } catch { return null } },
    set: value => { try { localStorage.setItem("reading", value) } catch { /* private browsing */ } },
  }
  const choose = value => {
    const input = readings.find(each => each.value === value)
    if (input) input.checked = true
    return Boolean(input)
  }
  if (readings.length) {
    const asked = new URLSearchParams(location.search).get("reading")
    choose(asked) || choose(store.get())
    for (const input of readings) input.addEventListener("change", () => {
      store.set(input.value)
      const address = new URL(location.href)
      if (input.value === "marked") address.searchParams.delete("reading")
      else address.searchParams.set("reading", input.value)
      history.replaceState(history.state, "", address)
      said.textContent = spoken[input.value]
    })
  }

  /* Next and previous change, from where the reader is. */
  const changes = [...article.querySelectorAll("del, ins")].filter(each => !each.closest(".clause-number"))
  let here = -1
  const step = by => {
    if (!changes.length || changes[0].offsetParent === null && !changes.some(each => each.getClientRects().length)) return
    const line = innerHeight / 3
    if (here < 0 || Math.abs(changes[here].getBoundingClientRect().top - line) > innerHeight) {
      const below = changes.findIndex(each => each.getBoundingClientRect().top > line)
      here = by > 0 ? (below < 0 ? -1 : below - 1) : (below < 0 ? changes.length : below)
    }
    changes[here]?.classList.remove("change-here")
    here = (here + by + changes.length) % changes.length
    const change = changes[here]
    change.classList.add("change-here")
    change.tabIndex = -1
    change.focus({ preventScroll: true })
    change.scrollIntoView({ block: "center" })
    said.textContent = `Change ${here + 1} of ${changes.length}`
  }
  document.querySelectorAll("[data-change]").forEach(button =>
    button.addEventListener("click", () => step(Number(button.dataset.change))))
  addEventListener("keydown", event => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault()
      step(event.key === "ArrowDown" ? 1 : -1)
    }
  })

  /* Beside a clause's number: copy its address, copy a citation. On touch screens always, else on hover and focus. */
  const title = document.body.querySelector("[data-cite]")?.dataset
  const touch = matchMedia("(hover: none)").matches
  const tools = place => {
    const box = document.createElement("span")
    box.className = "clause-tools no-print"
    const address = new URL(`#${place.id}`, location.href).href.replace(/\?[^#]*/, "")
    const number = place.dataset.number || place.dataset.previousNumber
    const kind = place.tagName === "H2" ? "section" : "clause"
    for (const [words, label, text] of [
      ["Link", `Copy link to ${kind} ${number}`, address],
      ["Cite", `Copy citation of ${kind} ${number}`, `${title.cite}, ${kind} ${number}, ${title.council}`],
    ]) {
      const button = document.createElement("button")
      button.type = "button"
      button.textContent = words
      button.setAttribute("aria-label", label)
      button.addEventListener("click", async () => {
        try { await navigator.clipboard.writeText(text); button.textContent = "Copied" }
        catch { button.textContent = "Not allowed" }
        (said || button).textContent = said ? `${words === "Link" ? "Link" : "Citation"} copied` : button.textContent
        setTimeout(() => { button.textContent = words }, 2000)
      })
      box.append(button)
    }
    (place.tagName === "LI" ? place.querySelector("p") : place).append(box)
    return box
  }
  if (title) {
    const places = [...article.querySelectorAll("[data-level]")].filter(each => each.querySelector(".clause-number"))
    if (touch) places.forEach(tools)
    else {
      let shown = null, owner = null
      const show = event => {
        const place = event.target.closest?.("[data-level]")
        if (place === owner || !place && event.type === "mouseover") return
        if (shown && !shown.contains(document.activeElement)) { shown.remove(); shown = owner = null }
        if (place && !shown) { owner = place; shown = tools(place) }
      }
      article.addEventListener("mouseover", show)
      article.addEventListener("focusin", event => {
        const place = event.target.closest("[data-level]")
        if (place !== owner) { shown?.remove(); owner = place; shown = place && tools(place) }
      })
    }
  }

  /* A reference shows the clause it leads to, on hover and on focus; Escape hides it. */
  const pages = new Map()
  const words = async link => {
    const address = new URL(link.href)
    const id = decodeURIComponent(address.hash.slice(1))
    if (address.pathname === location.pathname) {
      const place = document.getElementById(id)?.closest("[data-level]")
      const copy = (place?.tagName === "LI" ? place.querySelector("p") : place)?.cloneNode(true)
      copy?.querySelectorAll(".vh, .clause-tools, .comment, .anchor").forEach(each => each.remove())
      copy?.querySelectorAll("[id]").forEach(each => each.removeAttribute("id"))
      return copy?.innerText.trim()
    }
    const slug = address.pathname.replace(/\/$/, "").split("/").pop()
    const source = new URL(`${slug}.json`, address.origin + address.pathname).href
    if (!pages.has(source)) pages.set(source, fetch(source).then(answer => answer.json()).catch(() => null))
    const policy = await pages.get(source)
    const clause = policy?.clauses.find(each => each.id === id)
    return clause ? `${clause.number} ${clause.text}` : policy?.title
  }
  let tip = null
  const hide = () => { tip?.link.removeAttribute("aria-describedby"); tip?.box.remove(); tip = null }
  const preview = async link => {
    if (tip?.link === link) return
    hide()
    const text = await words(link)
    if (!text || !(link.matches(":hover") || link === document.activeElement)) return
    const box = document.createElement("div")
    box.className = "clause-tip"
    box.id = "clause-tip"
    box.setAttribute("role", "tooltip")
    box.textContent = text.length > 600 ? `${text.slice(0, 600)} …` : text
    document.body.append(box)
    const at = link.getBoundingClientRect()
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8)) + scrollX}px`
    box.style.top = `${at.bottom + scrollY + 2}px`
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
  addEventListener("keydown", event => { if (event.key === "Escape") hide() })
})()
