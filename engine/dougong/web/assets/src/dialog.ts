// The one dialog of the page: small forms that the server draws, such as the fields that a move asks for.
import { formsOwn, send } from "./page";

const sheet = () => document.getElementById("sheet") as HTMLDialogElement;
let whenMoved: ((form: HTMLFormElement) => void) | null = null;

/** Show what is behind `url`; `moved` is called instead of going on to the record when the move went through. */
export async function openDialog(url: string, moved: ((form: HTMLFormElement) => void) | null = null): Promise<void> {
  whenMoved = moved;
  const answer = await send(url, undefined, true);
  show(await answer.text());
}

function show(html: string): void {
  const dialog = sheet();
  dialog.innerHTML = html;
  if (!dialog.open) dialog.showModal();
  document.dispatchEvent(new Event("wake"));
  dialog.querySelector<HTMLElement>("[autofocus], .field input, .field select, .field textarea")?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("dialog [data-move-form]")) return;
  event.preventDefault();
  void submit(form);
});

async function submit(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>(".btn-primary");
  button?.classList.add("is-busy");
  try {
    const answer = await send(formsOwn(form, "action"), new FormData(form), true);
    if (answer.redirected) {
      sheet().close();
      if (whenMoved) whenMoved(form);
      else location.assign(answer.url);
    } else show(await answer.text());
  } finally {
    button?.classList.remove("is-busy");
  }
}
