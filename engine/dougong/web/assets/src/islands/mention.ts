// A text in which colleagues are called by @name: whom one may call is offered while typing, by key and by tap. Without this the @name is typed whole.
// What was written and not posted is there again for whoever comes back in the same tab.
import * as drafts from "../draft";
import { calm, element, send, text } from "../page";

type Colleague = { call: string; name: string; login: string };

const BEFORE = /(?:^|[^A-Za-z0-9._-])[@＠]([^@＠\n]{0,30})$/; // what stands behind the last @, up to the caret

export function start(box: HTMLElement): void {
  const area = box as HTMLTextAreaElement;
  const list = element("ul", { class: "combo-list", role: "listbox", id: `${area.id}-people`, "aria-label": text("Colleagues"), hidden: "" });
  const frame = element("div", { class: "combo mention-box" });
  area.replaceWith(frame);
  frame.append(area, list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  let shown: Colleague[] = [];
  let active = 0;

  const sought = (): string | null => {
    const found = BEFORE.exec(area.value.slice(0, area.selectionStart));
    return area.selectionStart === area.selectionEnd && found ? (found[1] ?? "") : null;
  };
  const close = () => {
    list.hidden = true;
    area.removeAttribute("aria-activedescendant");
  };
  const mark = (index: number) => {
    active = index;
    [...list.children].forEach((li, i) => {
      li.classList.toggle("is-active", i === index);
      li.setAttribute("aria-selected", String(i === index));
    });
    area.setAttribute("aria-activedescendant", list.children[index]?.id ?? "");
    list.children[index]?.scrollIntoView({ block: "nearest" });
  };
  const pick = (one: Colleague) => {
    const typed = sought();
    if (typed === null) return close();
    const from = area.selectionStart - typed.length;
    area.setRangeText(`${one.call} `, from, area.selectionStart, "end");
    close();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const show = (people: Colleague[]) => {
    shown = people;
    list.replaceChildren(...people.map((one, index) => {
      const li = element("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false" }, element("span", {}, one.name), element("span", { class: "muted small" }, one.login));
      li.addEventListener("pointerdown", (event) => event.preventDefault()); // the caret stays
      li.addEventListener("click", () => pick(one));
      return li;
    }));
    list.hidden = people.length === 0;
    if (people.length) mark(0);
    else close();
  };
  const ask = calm(140, async () => {
    const typed = sought();
    if (typed === null) return close();
    const url = new URL(area.dataset.people ?? "", location.href);
    url.searchParams.set("q", typed);
    const answer = await send(url.href).catch(() => null);
    if (answer?.ok && sought() === typed && document.activeElement === area) show((await answer.json()) as Colleague[]);
  });
  const grow = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, 280)}px`;
  };

  const key = area.dataset.draft;
  if (key) {
    if (!area.value) area.value = drafts.read(key)?.text?.values[0] ?? "";
    const hold = calm(150, () => drafts.keep(key, area.value.trim() ? { text: { values: [area.value], titles: [] } } : {}));
    area.addEventListener("input", hold);
    area.form?.addEventListener("submit", () => drafts.sent(key));
  }

  area.addEventListener("input", () => {
    grow();
    if (sought() === null) close();
    else ask();
  });
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return area.form?.requestSubmit();
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const one = shown[active];
    if (step) mark((active + step + shown.length) % shown.length);
    else if ((event.key === "Enter" || event.key === "Tab") && one) pick(one);
    else if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else return;
    event.preventDefault();
  });
  if (area.value) grow();
}
