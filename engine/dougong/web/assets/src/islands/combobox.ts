// A <select> that can be searched: by its own options, or, with data-source, by what the server finds. The select stays and is what the form sends.
import { calm, element, icon, send, text } from "../page";

type Choice = { id: string; title: string };

export function start(box: HTMLElement): void {
  const select = box as HTMLSelectElement;
  const list = element("ul", { class: "combo-list", role: "listbox", id: `${select.id}-list`, hidden: "" });
  const input = element("input", {
    class: "form-control", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
    placeholder: select.dataset.placeholder ?? text("Type to search"), id: select.id,
  });
  for (const name of ["aria-invalid", "aria-describedby"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name)!);
  const clear = element("button", { type: "button", class: "clear", "aria-label": text("Clear"), tabindex: "-1" }, icon("x", "icon-s"));
  const combo = element("div", { class: "combo" }, input, clear, icon("selector", "icon-s caret"), list);
  select.id = `${select.id}-value`;
  select.hidden = true;
  list.setAttribute("aria-label", document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.firstChild?.textContent ?? "");
  select.after(combo);
  const own: Choice[] = [...select.options].filter((o) => o.value).map((o) => ({ id: o.value, title: o.text }));
  let shown: Choice[] = [];
  let active = -1;

  const chosen = () => select.selectedOptions[0]?.value ?? "";
  const settle = () => {
    input.value = chosen() ? (select.selectedOptions[0]?.text ?? "") : "";
    clear.hidden = !chosen();
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (choice: Choice | undefined) => {
    if (choice && ![...select.options].some((o) => o.value === choice.id)) select.add(new Option(choice.title, choice.id));
    select.value = choice?.id ?? "";
    select.dispatchEvent(new Event("input", { bubbles: true }));
    select.dispatchEvent(new Event("change", { bubbles: true }));
    settle();
    close();
  };
  const mark = (index: number) => {
    active = index;
    [...list.children].forEach((li, i) => li.classList.toggle("is-active", i === index));
    const now = list.children[index];
    if (now?.id) input.setAttribute("aria-activedescendant", now.id);
    now?.scrollIntoView({ block: "nearest" });
  };
  const show = (choices: Choice[], sought: string, isAsking = false) => {
    shown = choices;
    list.replaceChildren(...choices.map((choice, index) => {
      const li = element("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": String(choice.id === chosen()) });
      li.append(...lit(choice.title, sought));
      li.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        pick(choice);
      });
      return li;
    }));
    if (!choices.length) list.append(element("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, isAsking ? "…" : text("Nothing found")));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(sought && choices.length ? 0 : choices.findIndex((c) => c.id === chosen()));
  };
  const ask = calm(160, async (sought: string) => {
    const url = new URL(select.dataset.source ?? "", location.href);
    url.searchParams.set("q", sought);
    const answer = await send(url.href);
    if (answer.ok && document.activeElement === input && input.value.trim() === sought) show((await answer.json()) as Choice[], sought);
  });
  const look = () => {
    const sought = input.value.trim();
    const here = own.filter((c) => c.title.toLowerCase().includes(sought.toLowerCase()));
    if (!select.dataset.source || !sought) show(here, sought);
    else {
      show(here, sought, true);
      ask(sought);
    }
  };

  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => show(own, ""));
  input.addEventListener("input", look);
  input.addEventListener("blur", () => {
    if (!input.value.trim() && chosen()) pick(undefined);
    settle();
    close();
  });
  clear.addEventListener("click", () => {
    pick(undefined);
    input.focus();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show(own, "");
      else mark(Math.max(0, Math.min(shown.length - 1, active + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (shown[active]) pick(shown[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      settle();
      close();
    }
  });
  select.addEventListener("change", settle); // somebody else set it: a draft that is put back
  settle();
}

function lit(title: string, sought: string): (Node | string)[] {
  const at = sought ? title.toLowerCase().indexOf(sought.toLowerCase()) : -1;
  if (at < 0) return [element("span", {}, title)];
  return [element("span", {}, title.slice(0, at), element("mark", {}, title.slice(at, at + sought.length)), title.slice(at + sought.length))];
}
