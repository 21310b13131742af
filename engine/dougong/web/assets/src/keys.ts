// Keyboard: / search, n new, e edit, j k through a list, g then h, t or a number, ? help. Never while somebody types.
export function keys(): void {
  let goes = 0;
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input, textarea, select, [contenteditable]")) return;
    if (document.querySelector("dialog[open]")) return;
    const isGoing = Date.now() - goes < 1500;
    goes = 0;
    if (isGoing && press(`[data-go="${CSS.escape(event.key)}"]`)) return event.preventDefault();
    if (event.key === "g") goes = Date.now();
    else if (event.key === "?") (document.getElementById("help") as HTMLDialogElement | null)?.showModal();
    else if (event.key === "/") focus(`[data-key="/"]`) && event.preventDefault();
    else if (event.key === "n" || event.key === "e") press(`[data-key="${event.key}"]`) && event.preventDefault();
    else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (event.key === "Enter" && target === document.body) press("tr.is-current .row-link");
  });
}

function press(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.click();
  return found !== null;
}

function focus(selector: string): boolean {
  const found = [...document.querySelectorAll<HTMLElement>(selector)].find((e) => e.offsetParent !== null);
  found?.focus();
  return found !== undefined;
}

function step(by: number): void {
  const rows = [...document.querySelectorAll<HTMLTableRowElement>("[data-rows] tbody tr:not(.more-row)")];
  if (!rows.length) return;
  const now = rows.findIndex((r) => r.classList.contains("is-current"));
  rows[now]?.classList.remove("is-current");
  const next = rows[Math.max(0, Math.min(rows.length - 1, now + by))];
  next?.classList.add("is-current");
  next?.scrollIntoView({ block: "nearest" });
}
