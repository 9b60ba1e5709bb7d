/* Makes the theme's menu and search reachable by keyboard: real buttons in place of labels, focus that goes in and comes back. */
(() => {
  "use strict"
  for (const [id, name, region] of [["__drawer", "Menu", ".md-sidebar--primary"], ["__search", "Search", ".md-search"]]) {
    const box = document.getElementById(id)
    const label = document.querySelector(`.md-header__button[for=${id}]`)
    const part = document.querySelector(region)
    if (!box || !label || !part) continue
    box.tabIndex = -1
    box.setAttribute("aria-hidden", "true")
    const button = document.createElement("button")
    button.type = "button"
    button.className = label.className
    button.dataset.opens = id // the theme's style sheet hides the labels by their "for" on wide screens
    button.append(...label.childNodes)
    button.setAttribute("aria-label", name)
    button.setAttribute("aria-expanded", String(box.checked))
    label.replaceWith(button)
    const set = open => {
      if (box.checked !== open) box.click()
      button.setAttribute("aria-expanded", String(open))
    }
    button.addEventListener("click", () => {
      set(!box.checked)
      if (box.checked) setTimeout(() => part.querySelector("input, a[href]")?.focus(), 250)
    })
    box.addEventListener("change", () => button.setAttribute("aria-expanded", String(box.checked)))
    addEventListener("keydown", event => {
      if (event.key === "Escape" && box.checked) {
        set(false)
        if (button.getClientRects().length) button.focus()
      }
    })
  }
})()
