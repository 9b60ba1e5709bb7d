/* Says of a table that turns into cards on narrow screens that it is still one: to some browsers (WebKit's) a table is what
   is laid out as such. Not written into the page, where these roles are an error: an element has them by itself. */
(() => {
  "use strict"
  const roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" }
  for (const table of document.querySelectorAll("[data-stacks]")) {
    for (const part of [table, ...table.querySelectorAll(":scope > *, :scope > * > tr, :scope > * > tr > *")]) {
      const role = roles[part.tagName] ?? { col: "columnheader", row: "rowheader", rowgroup: "rowheader" }[part.scope]
      if (role) part.setAttribute("role", role)
    }
  }
})()
