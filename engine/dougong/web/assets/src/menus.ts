// Menus are <details>: they open without script; with script they also close by a click elsewhere and by Escape.
export function closeMenus(target: Element | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details.menu[open]")) {
    const summary = menu.querySelector("summary");
    const isBackdrop = target === summary && menu.open && matchMedia("(width < 768px)").matches;
    if (!target || (!menu.contains(target) && !isBackdrop)) menu.open = false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = (document.activeElement ?? document.body).closest<HTMLDetailsElement>("details.menu[open]");
  closeMenus(null);
  menu?.querySelector("summary")?.focus();
});

document.addEventListener("keydown", (event) => {
  const menu = (event.target as Element).closest<HTMLDetailsElement>("details.menu[open]");
  if (!menu || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
  if ((event.target as Element).matches("input, select, textarea")) return;
  const items = [...menu.querySelectorAll<HTMLElement>(".menu-item")].filter((i) => i.offsetParent !== null);
  const step = event.key === "ArrowDown" ? 1 : -1;
  const next = items[(items.indexOf(document.activeElement as HTMLElement) + step + items.length) % items.length];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
