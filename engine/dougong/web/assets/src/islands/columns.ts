// The column chooser: drag to reorder. The order of the ticks is the order of the columns.
import Sortable from "sortablejs";

export function start(form: HTMLElement): void {
  const list = form.querySelector<HTMLElement>(".filter-fields");
  if (!list) return;
  const ticked = [...list.children].filter((l) => l.querySelector<HTMLInputElement>("input")?.checked);
  const wanted = [...document.querySelectorAll("[data-rows] thead th")].map((th) => th.textContent?.trim());
  ticked.sort((a, b) => wanted.indexOf(a.textContent?.trim()) - wanted.indexOf(b.textContent?.trim()));
  list.prepend(...ticked);
  Sortable.create(list, { animation: 120, delay: 100, delayOnTouchOnly: true });
}
