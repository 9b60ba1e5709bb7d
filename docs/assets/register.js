/* Sorts and filters the register; without this script it is a plain table by title. */
(() => {
  "use strict"
  const table = document.querySelector(".register")
  if (!table) return
  const bodies = [...table.tBodies] // one for each category, below a row with its name
  const rows = [...table.querySelectorAll("tbody tr:not(.group)")].map(row => ({
    row, body: row.parentElement,
    words: row.textContent.toLowerCase(),
    cells: [...row.cells].map(cell => (cell.dataset.sort ?? cell.textContent).trim().toLowerCase()),
    empty: [...row.cells].map(cell => cell.classList.contains("empty")),
  }))
  const order = new Intl.Collator("en-GB", { numeric: true })
  /* The rows that fit, in order; those far down a long list a moment later, so that an answer is seen at once. */
  const FIRST = 100
  let asked = {}, later = 0
  const show = () => {
    const wanted = (asked.words ?? "").toLowerCase().split(/\s+/).filter(Boolean)
    const found = rows.filter(({ row, words }) => wanted.every(word => words.includes(word)) &&
      (!asked.status || row.dataset.status === asked.status) && (!asked.state || row.dataset.state === asked.state))
    const add = some => some.forEach(each => each.body.append(each.row))
    rows.forEach(each => each.row.remove())
    bodies.forEach(body => { body.hidden = !found.some(each => each.body === body) })
    add(found.slice(0, FIRST))
    clearTimeout(later)
    later = setTimeout(() => add(found.slice(FIRST)), 50)
    return found.length
  }

  const heads = [...table.tHead.rows[0].cells]
  if (rows.length > 1) heads.slice(0, -1).forEach((head, column) => {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = head.textContent
    head.replaceChildren(button)
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending"
      heads.forEach(each => each.removeAttribute("aria-sort"))
      head.setAttribute("aria-sort", down ? "descending" : "ascending")
      rows.sort((a, b) => (down ? -1 : 1) *
        (a.empty[column] - b.empty[column] || order.compare(a.cells[column], b.cells[column])))
      show()
    })
  })
  if (rows.length > 1) heads[0].setAttribute("aria-sort", "ascending")

  const form = document.querySelector("[data-filters]")
  const count = document.querySelector("[data-count]")
  const filter = () => {
    asked = Object.fromEntries(new FormData(form))
    count.textContent = `${show()} of ${rows.length} policies`
  }
  if (!form) return
  form.addEventListener("input", filter)
  form.addEventListener("submit", event => event.preventDefault())
})()
