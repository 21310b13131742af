// What somebody typed into a form and did not save, kept in this tab until it is saved, put back or thrown away.
type Kept = { values: string[]; titles: string[] };
export type Draft = Record<string, Kept>;

const MARK = "dougong-draft:";
const SENT = "dougong-sent";

/** The fields of `form` that differ from how it came, without passwords, files on their way and the names in `apart`. */
export function changed(form: HTMLFormElement, before: Draft, apart: Set<string>): Draft {
  const now = contents(form, apart);
  const names = new Set([...Object.keys(now), ...Object.keys(before)]);
  const found: Draft = {};
  for (const name of names) {
    const value = now[name] ?? { values: [], titles: [] };
    if (!same(value, before[name])) found[name] = value;
  }
  return found;
}

export function contents(form: HTMLFormElement, apart: Set<string>): Draft {
  const found: Draft = {};
  for (const input of form.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("input, select, textarea")) {
    const { name, type } = input;
    if (!name || /^_|^csrf$|~/.test(name) || type === "password" || type === "file" || apart.has(name)) continue;
    const kept = (found[name] ??= { values: [], titles: [] });
    if (input instanceof HTMLInputElement && (type === "checkbox" || type === "radio") && !input.checked) continue;
    if (!input.value) continue;
    kept.values.push(input.value);
    kept.titles.push(input instanceof HTMLSelectElement ? (input.selectedOptions[0]?.text ?? "") : (input.dataset.title ?? ""));
  }
  return found;
}

export function same(one: Kept | undefined, other: Kept | undefined): boolean {
  return JSON.stringify(one?.values ?? []) === JSON.stringify(other?.values ?? []);
}

export function read(key: string): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(MARK + key) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

export function keep(key: string, draft: Draft): void {
  try {
    if (Object.keys(draft).length) sessionStorage.setItem(MARK + key, JSON.stringify(draft));
    else forget(key);
  } catch {
    // no room in this tab: the form itself still holds everything
  }
}

export function forget(key: string): void {
  sessionStorage.removeItem(MARK + key);
}

/** The form of `key` is on its way; once a page says that it was saved, its draft is done with. */
export function sent(key: string): void {
  sessionStorage.setItem(SENT, key);
}

export function saved(): void {
  const key = sessionStorage.getItem(SENT);
  if (key !== null) forget(key);
  sessionStorage.removeItem(SENT);
}

/** Whoever signs out leaves nothing behind for the next person at this screen. */
export function forgetAll(): void {
  for (const name of Object.keys(sessionStorage)) if (name.startsWith(MARK) || name === SENT) sessionStorage.removeItem(name);
}
