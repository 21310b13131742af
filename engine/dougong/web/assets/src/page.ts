// What islands share: texts of the page's language, icons, requests with the session's token, short notes.
const root = document.documentElement;
const words: Record<string, string> = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

export const base = root.dataset.root ?? "";

/** A text of the page's language; `%(name)s` gaps are filled. */
export function text(key: string, values: Record<string, string | number> = {}): string {
  return (words[key] ?? key).replace(/%\((\w+)\)s/g, (_, name: string) => String(values[name] ?? ""));
}

export function icon(name: string, extra = ""): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${root.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** An attribute of a form, as it is written: `form.action` would be the input of a field that is called so. */
export function formsOwn(form: HTMLFormElement, name: "action" | "method"): string {
  return form.getAttribute(name) ?? "";
}

/** A request as this page's user; `page` asks for a piece of HTML, otherwise JSON is wanted. */
export function send(url: string, body?: FormData | null, page = false): Promise<Response> {
  const headers: Record<string, string> = { "X-CSRF-Token": root.dataset.csrf ?? "" };
  if (page) headers["HX-Request"] = "true";
  else headers["Accept"] = "application/json";
  return fetch(url, { method: body === undefined ? "GET" : "POST", headers, body: body ?? null, credentials: "same-origin" });
}

/** A note at the edge of the screen; bad news stays longer. */
export function note(message: string, kind: "good" | "bad" = "good"): void {
  const made = element("div", { class: `toast-note ${kind}` }, icon(kind === "bad" ? "alert-circle" : "circle-check"), element("div", {}, message));
  document.getElementById("toasts")?.append(made);
  fade(made, kind === "bad" ? 9000 : 4000);
}

export function fade(made: Element, after: number): void {
  setTimeout(() => made.remove(), after);
}

/** Wait until nothing has been asked for `milliseconds`. */
export function calm<A extends unknown[]>(milliseconds: number, work: (...given: A) => void): (...given: A) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), milliseconds);
  };
}
