// What every page loads: htmx for partial updates, menus, keyboard, dialogs; islands come when an element asks for them.
import "htmx.org";
import { closeMenus } from "./menus";
import { openDialog } from "./dialog";
import * as drafts from "./draft";
import { keys } from "./keys";
import { fade, formsOwn } from "./page";

type Island = { start: (element: HTMLElement) => void };
const islands: Record<string, () => Promise<Island>> = {
  columns: () => import("./islands/columns"),
  combobox: () => import("./islands/combobox"),
  form: () => import("./islands/form"),
  kanban: () => import("./islands/kanban"),
  mention: () => import("./islands/mention"),
  place: () => import("./islands/place"),
  upload: () => import("./islands/upload"),
};

const woken = new WeakSet<HTMLElement>();

/** Start the islands inside `scope` that are not running yet; `data-awake` tells that one is. */
export function wake(scope: ParentNode): void {
  for (const element of scope.querySelectorAll<HTMLElement>("[data-island]")) {
    if (woken.has(element)) continue;
    woken.add(element);
    void islands[element.dataset.island ?? ""]?.().then((island) => {
      island.start(element);
      element.dataset.awake = "";
    });
  }
}

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = (event as CustomEvent<{ ctx: { request: { headers: Record<string, string> } } }>).detail;
  ctx.request.headers["X-CSRF-Token"] = document.documentElement.dataset.csrf ?? "";
});
document.addEventListener("htmx:after:swap", () => {
  wake(document);
  document.querySelector<HTMLElement>(".is-editing [autofocus]")?.focus();
});
document.addEventListener("wake", () => wake(document));

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  closeMenus(target);
  const opener = target.closest<HTMLElement>("[data-open]");
  if (opener) (document.getElementById(opener.dataset.open ?? "") as HTMLDialogElement | null)?.showModal();
  const link = target.closest<HTMLAnchorElement>("a[data-dialog]");
  if (link && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    void openDialog(link.href);
  }
  const part = target.closest<HTMLAnchorElement>("a[data-partial]");
  if (part && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    void replacePart(part.href, part.dataset.partial ?? "");
  }
  if (target.closest("[data-close]") && target.closest("dialog")) {
    event.preventDefault();
    target.closest("dialog")?.close();
  }
  if (target instanceof HTMLDialogElement) target.close();
});

// A file that is chosen goes on its way at once
document.addEventListener("change", (event) => {
  const input = event.target as HTMLInputElement;
  if (!input.matches("input[type=file][data-send]") || !input.files?.length) return;
  input.closest(".btn")?.classList.add("is-busy");
  input.form?.requestSubmit();
});

// A second tap on a button must not do the thing twice
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (event.defaultPrevented || formsOwn(form, "method") !== "post") return;
  if (formsOwn(form, "action").endsWith("/sign-out")) drafts.forgetAll();
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => form.querySelector(".btn-primary")?.classList.add("is-busy"), 200);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".is-busy")) button.classList.remove("is-busy");
});

/** Take one element of the page behind `url` and put it in the place of ours. */
async function replacePart(url: string, selector: string): Promise<void> {
  const answer = await fetch(url, { credentials: "same-origin" });
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(selector);
  const ours = document.querySelector(selector);
  if (!found || !ours) return location.assign(url);
  ours.replaceWith(found);
  wake(document);
  found.querySelector<HTMLElement>("select, input:not([type=hidden])")?.focus();
}

// Fading from the sign-in page into the app, or back, shows one through the other: those pages have nothing in common
window.addEventListener("pageswap", (event) => {
  const { viewTransition, activation } = event as Event & { viewTransition?: { skipTransition(): void }; activation?: { entry?: { url?: string | null } } };
  const isGate = document.querySelector(".gate") !== null || new URL(activation?.entry?.url ?? location.href).pathname.endsWith("/sign-in");
  if (isGate) viewTransition?.skipTransition();
});

for (const toast of document.querySelectorAll("[data-toast]")) fade(toast, 4000);
if (location.search.includes("note=")) {
  if (/note=(created|saved|commented|unreached)/.test(location.search)) drafts.saved();
  const address = new URL(location.href);
  address.searchParams.delete("note");
  history.replaceState(history.state, "", address);
}
document.getElementById("wrong")?.focus();
for (const here of document.querySelectorAll(".path [aria-current], .tabs [aria-current]")) here.scrollIntoView({ inline: "center", block: "nearest" });
keys();
wake(document);
