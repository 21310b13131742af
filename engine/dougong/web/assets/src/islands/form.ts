// A form that answers while it is filled: computed values, what is shown and required, numbers written as =12*350, a warning before leaving.
import { calculate } from "../calculate";
import { calm, send } from "../page";
import { text } from "../page";

type Answer = { values: Record<string, string>; required: string[]; shown: string[] };

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const state = form.querySelector<HTMLElement>(".form-foot .state");
  let asked = 0;
  let isDirty = false;

  const ask = calm(220, async () => {
    const turn = ++asked;
    const answer = await send(form.dataset.preview ?? "", filled(form)).catch(() => null);
    if (turn === asked && answer?.status === 200) apply(form, (await answer.json()) as Answer);
  });
  const changed = () => {
    isDirty = true;
    if (state) state.textContent = text("Not saved yet");
    ask();
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", (event) => {
    compute(event.target as HTMLInputElement);
    changed();
  });
  form.addEventListener("submit", () => (isDirty = false));
  window.addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
  form.addEventListener("input", (event) => right(event.target as HTMLElement));
}

/** What the form holds, without files. */
function filled(form: HTMLFormElement): FormData {
  const body = new FormData(form);
  for (const input of form.querySelectorAll<HTMLInputElement>("input[type=file]")) body.delete(input.name);
  body.delete("csrf");
  return body;
}

function apply(form: HTMLFormElement, answer: Answer): void {
  const shown = new Set(answer.shown);
  const required = new Set(answer.required);
  for (const field of form.querySelectorAll<HTMLElement>("[data-field]")) {
    const name = field.dataset.field ?? "";
    field.hidden = !shown.has(name);
    const star = field.querySelector<HTMLElement>(".star");
    if (star) star.hidden = !required.has(name);
    const control = field.querySelector<HTMLInputElement>(".form-control, .form-select");
    if (control) control.required = required.has(name);
    const output = field.querySelector<HTMLOutputElement>("[data-computed]");
    if (output && name in answer.values) output.textContent = answer.values[name] ?? "";
  }
  for (const group of form.querySelectorAll<HTMLElement>("[data-group]")) group.hidden = !group.querySelector("[data-field]:not([hidden])");
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
