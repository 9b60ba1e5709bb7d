/* Finds clauses as the reader types: a clause number first, else the words; the index is fetched when the box is used. */
(() => {
  "use strict"
  const MOST = 30 // answers shown
  const COUNT = /^(\d+|[a-z]|[ivxlcdm]+|([a-z])\2+|\([a-z]+\))$/ // what a number is made of, in small letters
  const KINDS = new Set(["clause", "section", "paragraph", "appendix", "no", "number"])
  const here = location.pathname

  /* The counts that a number is made of, each behind the last: 3.e.ii of 3(e)(ii), 3e(ii) or 3 e ii; "" of other words. */
  const counts = word => {
    const parts = word.match(/\([a-z]+\)|\d+|[a-z]+/g) ?? []
    const whole = parts.length && /^[(\d]|^[a-z](?=[.(\d]|$)/.test(word) && /^[\w.()]+$/.test(word)
    return whole && parts.every(part => COUNT.test(part)) ? parts.join(".").replace(/[()]/g, "") : ""
  }

  /* One entry of the index as it is searched. */
  const entry = base => ({ location, title, text, tags = [] }) => {
    const cited = (tags[0] || "").toLowerCase().split(" ")
    return {
      url: new URL(location, base), title, text: text.replace(/\s+/g, " ").trim(), name: title.toLowerCase(),
      words: `${title} ${text}`.toLowerCase(), number: cited.length > 1 ? counts(cited.at(-1)) : "",
      initials: cited.length > 1 ? cited[0] : "",
    }
  }

  /* How well an entry answers; 0 if it doesn't. Each word must begin a word of the entry. */
  const score = (each, number, words, phrase, typed) => {
    let points = 0
    if (number) {
      if (each.number === number) points = 1000
      else if (each.number?.startsWith(`${number}.`)) points = 100
      else if (!each.words.includes(` ${typed}`)) return 0
      if (each.url.pathname === here) points += 500
    }
    for (const word of words) {
      const at = each.words.indexOf(word)
      if (each.initials === word) points += 50
      else if (at < 0) return 0
      else if (at === 0 || /[^\p{L}\p{N}]/u.test(each.words[at - 1]) || each.words.includes(` ${word}`)) points += 4
      else return 0
      if (each.name.includes(word)) points += 2
    }
    return points + (phrase.includes(" ") && each.words.includes(phrase) ? 10 : 0) + 1
  }

  const find = (entries, asked) => {
    const phrase = asked.trim().toLowerCase().replace(/[“”"?,;]/g, "").replace(/\s+/g, " ")
    const all = phrase.split(" ").map(word => word.replace(/[.:]$/, "")).filter(Boolean)
    const first = all.findIndex(word => counts(word) && (word.length > 1 || /\d/.test(word)))
    const behind = first < 0 ? [] : all.slice(first + 1)
    const apart = behind.findIndex(word => !COUNT.test(word)) // 3 e ii
    const cited = first < 0 ? [] : all.slice(first, apart < 0 ? undefined : first + 1 + apart)
    const number = cited.map(counts).join(".")
    const words = all.filter((word, at) => !(number && (KINDS.has(word) || (at >= first && at < first + cited.length))))
    if (!number && phrase.length < 2) return null
    const found = entries.map(each => [score(each, number, words, phrase, cited.join(" ")), each]).filter(([points]) => points)
    found.sort((a, b) => b[0] - a[0]) // equals stay in the order of the policies
    return { found: found.map(([, each]) => each), words }
  }

  /* The words round the first one found, with all that were found marked. */
  const marked = (text, words) => {
    const small = text.toLowerCase()
    const first = Math.max(0, Math.min(...words.map(word => small.indexOf(word)).filter(at => at >= 0), text.length) - 60)
    const from = words.length && first < text.length && first > 0 ? small.indexOf(" ", first) + 1 : 0
    const part = (from ? "… " : "") + text.slice(from, from + 180) + (text.length > from + 180 ? " …" : "")
    const safe = words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    const pieces = safe.length ? part.split(new RegExp(`(${safe.join("|")})`, "gi")) : [part]
    return pieces.map((piece, index) => {
      if (index % 2 === 0) return piece
      const mark = document.createElement("mark")
      mark.textContent = piece
      return mark
    })
  }

  for (const form of document.querySelectorAll(".find")) {
    const input = form.querySelector("input")
    const panel = form.querySelector(".find-answers")
    const status = form.querySelector("[role=status]")
    const list = form.querySelector("ol")
    let index = null
    const load = () => index ??= fetch(form.dataset.index).then(answer => answer.json())
      .then(data => data.docs.map(entry(new URL(form.dataset.base, location.href))))

    const show = async () => {
      if (!input.value.trim()) { panel.hidden = true; return }
      panel.hidden = false
      let answer
      try { answer = find(await load(), input.value) }
      catch { index = null; status.textContent = "The search could not be loaded. Try again, or use the list of policies."; return }
      const found = answer?.found ?? []
      list.replaceChildren(...found.slice(0, MOST).map(each => {
        const item = document.createElement("li")
        const link = document.createElement("a")
        const text = document.createElement("p")
        link.href = each.url.href
        link.textContent = each.title
        text.append(...marked(each.text, answer.words))
        item.append(link, text)
        return item
      }))
      status.textContent = !answer ? "Type one more letter." : !found.length ? "Nothing found. Try fewer or other words."
        : found.length === 1 ? "1 answer" : found.length > MOST ? `${found.length} answers; the first ${MOST} are shown`
        : `${found.length} answers`
    }
    const close = () => { panel.hidden = true }
    input.addEventListener("focus", () => { load().catch(() => { index = null }) }, { once: true })
    input.addEventListener("input", show)
    input.addEventListener("focus", () => { if (input.value) show() })
    form.addEventListener("submit", async event => {
      event.preventDefault()
      await show()
      list.querySelector("a")?.click()
    })
    form.addEventListener("keydown", event => {
      const links = [...list.querySelectorAll("a")]
      const at = links.indexOf(document.activeElement)
      if (event.key === "ArrowDown" && !panel.hidden) links[Math.min(at + 1, links.length - 1)]?.focus()
      else if (event.key === "ArrowUp" && at >= 0) (links[at - 1] ?? input).focus()
      else if (event.key === "Escape" && !panel.hidden) { input.focus(); close(); event.stopPropagation() }
      else return
      event.preventDefault()
    })
    list.addEventListener("click", close)
    document.addEventListener("click", event => { if (!form.contains(event.target)) close() })
    form.addEventListener("focusout", event => { if (event.relatedTarget && !form.contains(event.relatedTarget)) close() })
  }
})()
