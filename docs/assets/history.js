/* Says which version of a policy was in force on a day; without this script the list says since and until when each was. */
(() => {
  "use strict"
  const form = document.querySelector("[data-as-at]")
  const day = form.elements.day
  const answer = form.querySelector("[role=status]")
  const rows = [...document.querySelectorAll("tr[data-until]")] // the newest first
  const show = () => {
    const then = day.validity.valid && day.value
    const isIt = row => row.dataset.since <= then && (!row.dataset.until || then < row.dataset.until)
    const row = then ? rows.find(isIt) : undefined
    for (const each of rows) each.classList.toggle("chosen", each === row)
    if (!then) answer.replaceChildren()
    else if (!row) answer.textContent = "No version that is published here was in force on that day."
    else answer.replaceChildren(row.cells[0].querySelector("a")?.cloneNode(true) ?? row.cells[0].textContent.trim(), ".")
  }
  form.addEventListener("input", show)
  form.addEventListener("submit", event => { event.preventDefault(); show() })
})()
