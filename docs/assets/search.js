/* Finds clauses as the reader types: a clause number first, else the words; the index is fetched when the box is used. */
(() => {
  "use strict"
  const MOST = 30 // answers shown
  const MOST_VERSIONS = 10 // of different policies, which are fetched
  const OWN_WORD = /^\s*(\p{L}.*\S)\s+\S+\s*$/u // standing order 1(a)(i)   paragraph 1(a)
  const VERSION = /(?:^|[\s,(])v(?:ersion)?\s?(\d[\w.-]*)/i // version 1   v1   v2.1
  const COUNT = /^(\d+|[a-z]|[ivxlcdm]+|([a-z])\2+|\([a-z]+\))$/ // what a number is made of, in small letters
  const KINDS = new Set(["clause", "section", "paragraph", "appendix", "no", "number"])
  const here = location.pathname

  /* The counts that a number is made of, each behind the last: 3.e.ii of 3(e)(ii), 3e(ii) or 3 e ii; "" of other words. */
  const counts = word => {
    const parts = word.match(/\([a-z]+\)|\d+|[a-z]+/g) ?? []
    const whole = parts.length && /^[(\d]|^[a-z](?=[.(\d]|$)/.test(word) && /^[\w.()]+$/.test(word)
    return whole && parts.every(part => COUNT.test(part)) ? parts.join(".").replace(/[()]/g, "") : ""
  }

  /* SMP for Social Media Policy, in small letters */
  const initials = title => title.split(/\s+/).map(word => word[0]).filter(sign => /\p{Lu}/u.test(sign)).join("").toLowerCase()

  /* One entry of the index as it is searched. */
  const entry = base => ({ location, title, text, tags = [], versions = [] }) => {
    const cited = (tags[0] || "").toLowerCase().split(" ")
    return {
      url: new URL(location, base), title, text: text.replace(/\s+/g, " ").trim(), name: title.toLowerCase(),
      words: `${title} ${text}`.toLowerCase(), number: cited.length > 1 ? counts(cited.at(-1)) : "",
      initials: cited.length > 1 ? cited[0] : initials(title), versions,
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

  /* What was typed: the number of a place, as it was typed as well, and all other words. */
  const read = asked => {
    const phrase = asked.trim().toLowerCase().replace(/[“”"?,;]/g, " ").replace(/\s+/g, " ").trim()
    const all = phrase.split(" ").map(word => word.replace(/[.:]$/, "")).filter(Boolean)
    const first = all.findIndex(word => counts(word) && (word.length > 1 || /\d/.test(word)))
    const behind = first < 0 ? [] : all.slice(first + 1)
    const apart = behind.findIndex(word => !COUNT.test(word)) // 3 e ii
    const cited = first < 0 ? [] : all.slice(first, apart < 0 ? undefined : first + 1 + apart)
    const number = cited.map(counts).join(".")
    const words = all.filter((word, at) => !(number && (KINDS.has(word) || (at >= first && at < first + cited.length))))
    return { phrase, number, words, typed: cited.join(" ") }
  }

  const find = (entries, asked) => {
    const { phrase, number, words, typed } = read(asked)
    if (!number && phrase.length < 2) return null
    const found = entries.map(each => [score(each, number, words, phrase, typed), each]).filter(([points]) => points)
    found.sort((a, b) => b[0] - a[0]) // equals stay in the order of the policies
    return { found: found.map(([, each]) => each), words }
  }

  /* What a version calls a place, by its numbering: "standing order 1(a)(i)", or "Part 1/paragraph 1(a)" for both kinds.
     In appendices they have their usual names. */
  const called = ({ numbering, clauses }, place) => {
    const top = clauses.slice(0, clauses.indexOf(place) + 1).filter(each => each.level === 1).pop()
    const [headings, below = headings] = top?.kind === "appendix" ? [""] : (numbering ?? "").split("/")
    return (place.kind === "clause" ? below : headings).match(OWN_WORD)?.[1] ?? place.kind
  }

  /* "version 1, clause 5.5": that place in that version, of the policy that is named, else of the one that is open. What
     a version says is in its own data, which are fetched when they are asked for; null where no version is meant. */
  const data = new Map()
  const fetched = url => {
    if (!data.has(url)) data.set(url, fetch(url).then(answer => answer.json()).catch(() => { data.delete(url); return null }))
    return data.get(url)
  }
  const findVersion = async (entries, asked) => {
    const version = asked.match(VERSION)?.[1].replace(/\.$/, "")
    const some = version ? entries.filter(each => each.versions.some(kept => kept.toLowerCase() === version.toLowerCase())) : []
    const { number, typed, ...rest } = read(asked.replace(VERSION, " "))
    const words = rest.words.filter(word => !["of", "in", "the"].includes(word))
    const open = some.filter(each => here.startsWith(each.url.pathname))
    const meant = words.length ? some.filter(each => score(each, "", words, "", "")) : open.length ? open : some
    if (!meant.length) return null
    const found = await Promise.all(meant.slice(0, MOST_VERSIONS).map(async policy => {
      const kept = policy.versions.find(each => each.toLowerCase() === version.toLowerCase())
      const url = new URL(`v${kept}/`, policy.url)
      const text = await fetched(new URL(`v${kept}.json`, url).href)
      const title = `${text?.title ?? policy.title}, version ${kept}`
      const place = number && text?.clauses.find(each => each.number && counts(each.number.toLowerCase()) === number)
      if (!place) return { url, title, text: number && text ? `This version has no ${typed}.` : "" }
      url.hash = place.id
      return { url, title: `${title}, ${called(text, place)} ${place.number}`, text: place.text ?? "" }
    }))
    found.sort((a, b) => Boolean(b.url.hash) - Boolean(a.url.hash))
    return { found, words: [] }
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

    let latest = 0
    const show = async () => {
      const turn = ++latest, asked = input.value
      if (!asked.trim()) { panel.hidden = true; return }
      panel.hidden = false
      let answer
      try {
        const entries = await load()
        answer = await findVersion(entries, asked) ?? find(entries, asked)
        if (turn !== latest) return // more was typed in the meantime
      }
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
