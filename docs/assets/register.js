/* Sorts and filters the register; without this script it is a plain table by title. */
(() => {
  "use strict"
  const table = document.querySelector(".register")
  if (!table) return
  const body = table.tBodies[0]
  const rows = [...body.rows].map(row => ({
    row,
    words: row.textContent.toLowerCase(),
    cells: [...row.cells].map(cell => (cell.dataset.sort ?? cell.textContent).trim().toLowerCase()),
  }))
  const order = new Intl.Collator("en-GB", { numeric: true })
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
      rows.sort((a, b) => order.compare(a.cells[column], b.cells[column]) * (down ? -1 : 1))
      body.append(...rows.map(each => each.row))
    })
  })
  if (rows.length > 1) heads[0].setAttribute("aria-sort", "ascending")

  const form = document.querySelector("[data-filters]")
  const count = document.querySelector("[data-count]")
  const filter = () => {
    const asked = Object.fromEntries(new FormData(form))
    const wanted = asked.words.toLowerCase().split(/\s+/).filter(Boolean)
    let shown = 0
    for (const { row, words } of rows) {
      const fits = wanted.every(word => words.includes(word)) &&
        (!asked.status || row.dataset.status === asked.status) && (!asked.state || row.dataset.state === asked.state)
      row.hidden = !fits
      shown += fits
    }
    count.textContent = `${shown} of ${rows.length} ${rows.length === 1 ? "policy" : "policies"}`
  }
  if (!form) return
  form.addEventListener("input", filter)
  form.addEventListener("submit", event => event.preventDefault())
})()
