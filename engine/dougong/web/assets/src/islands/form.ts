// A form that answers while it is filled: computed values, what is shown and required, numbers written as =12*350, a warning before leaving,
// and a draft of what was typed for whoever leaves all the same.
import { calculate } from "../calculate";
import * as drafts from "../draft";
import { calm, element as made, icon, send, text } from "../page";
import { load, run, typed, type Outcome, type Rules, type Value } from "../rules";

type Answer = { values: Record<string, string>; required: string[]; shown: string[] };
type Facts = { today: string; now: string; zone: string; me: Record<string, Value>; record: Record<string, Value>; isNew: boolean; asks: boolean };

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const facts = JSON.parse(form.dataset.facts ?? "{}") as Facts;
  const state = form.querySelector<HTMLElement>(".form-foot .state");
  let rules: Rules | null = null;
  let asked = 0;
  let isDirty = false;
  const key = form.dataset.draft ?? "";
  const apart = new Set((form.dataset.private ?? "").split(" ").filter(Boolean));
  const before = drafts.contents(form, apart);
  const left = offer(form, key, before);
  const hold = () => drafts.keep(key, { ...left(), ...drafts.changed(form, before, apart) });
  const note = calm(150, hold);

  const ask = calm(220, async () => {
    const turn = ++asked;
    const answer = await send(form.dataset.preview ?? "", filled(form)).catch(() => null);
    if (turn === asked && answer?.status === 200) hear(form, (await answer.json()) as Answer);
  });
  const settle = () => {
    const record = rules && read(form, rules, facts);
    if (rules && record) {
      const context = { ...facts, old: facts.isNew ? null : facts.record };
      apply(form, run(rules, record, context), rules.always);
    }
    if (!record || facts.asks) ask();
  };
  void load(form.dataset.rules ?? "").then((found) => (rules = found)).then(settle, () => undefined);
  form.addEventListener("input", (event) => {
    isDirty = true;
    if (state) state.textContent = text("Not saved yet");
    right(event.target as HTMLElement);
    settle();
    note();
  });
  form.addEventListener("change", (event) => {
    compute(event.target as HTMLInputElement);
    settle();
    note();
  });
  form.addEventListener("submit", () => {
    isDirty = false;
    hold();
    drafts.sent(key);
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
}

/** Show what was left here unsaved and offer to put it back; tells what of it the draft still has to hold. */
function offer(form: HTMLFormElement, key: string, before: drafts.Draft): () => drafts.Draft {
  let left = Object.fromEntries(Object.entries(drafts.read(key) ?? {}).filter(([name]) => form.querySelector(`[data-field="${CSS.escape(name)}"]`)));
  const waiting = Object.entries(left).filter(([name, kept]) => !drafts.same(kept, before[name])); // the rest stands in a form that was refused
  if (!waiting.length) return () => left;
  const back = made("button", { type: "button", class: "btn btn-primary btn-s" }, text("Put it back"));
  const drop = made("button", { type: "button", class: "btn btn-s" }, text("Discard it"));
  const bar = made("div", { class: "notice draft", role: "status" }, icon("history"),
    made("div", {}, made("p", {}, text("What you typed here and did not save is still there.")), made("div", { class: "row-actions" }, back, drop)));
  back.addEventListener("click", () => {
    bar.remove();
    for (const [name, kept] of waiting) {
      put(form, name, kept);
      delete left[name]; // from here on it counts as typed
    }
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  drop.addEventListener("click", () => {
    left = {};
    bar.remove();
    drafts.forget(key);
  });
  form.prepend(bar);
  return () => left;
}

/** Put kept values into the inputs of one field, in whatever way its kind of input takes them. */
function put(form: HTMLFormElement, name: string, kept: { values: string[]; titles: string[] }): void {
  const upload = form.querySelector<HTMLElement>(`[data-island=upload][data-name="${CSS.escape(name)}"]`);
  if (upload) upload.dispatchEvent(new CustomEvent("restore", { detail: kept }));
  const inputs = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`[name="${CSS.escape(name)}"]`)];
  const ticks = new Set(inputs.filter((input) => input.type === "checkbox").map((input) => input.value));
  for (const input of inputs) {
    if (input.type === "hidden" || input.type === "file") continue;
    const value = kept.values.find((one) => !ticks.has(one)) ?? "";
    if (input instanceof HTMLInputElement && /^(checkbox|radio)$/.test(input.type)) input.checked = kept.values.includes(input.value);
    else {
      if (input instanceof HTMLSelectElement && value && ![...input.options].some((o) => o.value === value)) input.add(new Option(kept.titles[0] || value, value));
      input.value = value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}

/** What the form holds, without files. */
function filled(form: HTMLFormElement): FormData {
  const body = new FormData(form);
  for (const input of form.querySelectorAll<HTMLInputElement>("input[type=file]")) body.delete(input.name);
  body.delete("csrf");
  return body;
}

/** The record as it would be; null when a number is written in a way that only the server reads. */
function read(form: HTMLFormElement, rules: Rules, facts: Facts): Record<string, Value> | null {
  const record: Record<string, Value> = { ...facts.record };
  const body = filled(form);
  for (const [name, kind] of Object.entries(rules.kinds)) {
    if (!body.has(name)) continue;
    const value = typed(body.getAll(name).map(String), kind, facts.zone);
    if (value === undefined) return null;
    record[name] = value;
  }
  return record;
}

function apply(form: HTMLFormElement, outcome: Outcome, always: string[]): void {
  for (const field of form.querySelectorAll<HTMLElement>("[data-field]")) {
    const name = field.dataset.field ?? "";
    if (name in outcome.shown) field.hidden = !outcome.shown[name];
    if (name in outcome.required) demand(field, outcome.required[name] === true || always.includes(name));
    const value = outcome.values[name];
    if (value !== undefined) say(field, value);
  }
  for (const group of form.querySelectorAll<HTMLElement>("[data-group]")) {
    const isShown = outcome.groups[group.dataset.group ?? ""];
    group.hidden = isShown === false || (isShown === undefined && !group.querySelector("[data-field]:not([hidden])"));
  }
}

/** The server's answer: it knows every rule, so it settles whatever the browser left open. */
function hear(form: HTMLFormElement, answer: Answer): void {
  const shown = new Set(answer.shown);
  const required = new Set(answer.required);
  for (const field of form.querySelectorAll<HTMLElement>("[data-field]")) {
    const name = field.dataset.field ?? "";
    field.hidden = !shown.has(name);
    demand(field, required.has(name));
    const value = answer.values[name];
    if (value !== undefined) say(field, value);
  }
}

function demand(field: HTMLElement, isRequired: boolean): void {
  const star = field.querySelector<HTMLElement>(".star");
  if (star) star.hidden = !isRequired;
  const control = field.querySelector<HTMLInputElement>(".form-control, .form-select");
  if (control) control.required = isRequired;
}

function say(field: HTMLElement, value: string): void {
  const output = field.querySelector<HTMLOutputElement>("[data-computed]");
  if (output && output.textContent !== value) output.textContent = value;
}

/** A number typed as =12*350 becomes what it comes to; the server reads it the same way. */
function compute(input: HTMLInputElement): void {
  if (!input.matches?.("[data-number]") || !/^[==]/.test(input.value.trim())) return;
  const result = calculate(input.value.trim().slice(1));
  if (result !== null) input.value = result;
}

/** Typing into a field takes its error away: it will be judged anew. */
function right(target: HTMLElement): void {
  const field = target.closest<HTMLElement>("[data-field]");
  field?.querySelector(".error")?.remove();
  field?.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
}
