// What the pages do in a browser. Everything is readable without it.

/** A button on each block of commands that copies them. */
function offerCopies() {
  for (const block of document.querySelectorAll("div.highlight-sh")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").innerText);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    });
    block.append(button);
  }
}

/** What is wider than its place is scrolled by the keyboard too. */
function reachWide() {
  for (const wide of document.querySelectorAll("article pre, article .table-wrapper, article p:has(> img)")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute("tabindex");
  }
}

document.addEventListener("DOMContentLoaded", () => {
  if (navigator.clipboard) offerCopies();
  reachWide();
  window.addEventListener("resize", reachWide);
});
