/* Opens and closes what the header's buttons hide on narrow screens: the site's links and the search box. */
(() => {
  "use strict"
  const buttons = [...document.querySelectorAll("[data-opens]")]
  const set = (button, open) => {
    button.setAttribute("aria-expanded", String(open))
    document.getElementById(button.dataset.opens).classList.toggle("is-open", open)
  }
  for (const button of buttons) button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true"
    buttons.forEach(each => set(each, each === button && open))
    if (open) document.getElementById(button.dataset.opens).querySelector("input, a[href]").focus()
  })
  addEventListener("keydown", event => {
    const button = event.key === "Escape" && buttons.find(each => each.getAttribute("aria-expanded") === "true")
    if (!button) return
    set(button, false)
    if (button.getClientRects().length) button.focus()
  })
})()
