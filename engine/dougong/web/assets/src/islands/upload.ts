// Files by drop, paste or camera, with progress; without this the plain file input travels with the form.
import { element, icon, note, text } from "../page";

export function start(box: HTMLElement): void {
  const list = box.querySelector<HTMLElement>(".files")!;
  const zone = box.querySelector<HTMLElement>(".dropzone")!;
  const input = box.querySelector<HTMLInputElement>("input[type=file]")!;
  const take = (files: Iterable<File>) => [...files].forEach((file) => void upload(box, list, file));
  input.addEventListener("change", () => {
    take(input.files ?? []);
    input.value = "";
  });
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("is-over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("is-over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("is-over");
    take(event.dataTransfer?.files ?? []);
  });
  box.addEventListener("paste", (event) => take(event.clipboardData?.files ?? []));
  box.addEventListener("restore", (event) => {
    const { values, titles } = (event as CustomEvent<{ values: string[]; titles: string[] }>).detail;
    const here = new Set([...list.querySelectorAll("input")].map((keep) => keep.value));
    values.forEach((id, index) => {
      const name = titles[index] || `#${id}`;
      if (!here.has(id)) list.append(element("li", {}, icon("paperclip", "icon-s"), element("span", { class: "name" }, name), kept(box, name, id)));
    });
  });
}

/** The tick that keeps a file which the server has. */
function kept(box: HTMLElement, name: string, id: string): HTMLLabelElement {
  const keep = element("input", { type: "checkbox", class: "form-check-input", name: box.dataset.name ?? "", value: id, "aria-label": name, "data-title": name });
  keep.checked = true;
  return element("label", { class: "form-check" }, keep);
}

async function upload(box: HTMLElement, list: HTMLElement, file: File): Promise<void> {
  const progress = element("progress", { max: "100", value: "0", "aria-label": file.name });
  const line = element("li", {}, icon("paperclip", "icon-s"), element("span", { class: "name" }, file.name), progress);
  if (!box.dataset.many) list.replaceChildren();
  list.append(line);
  try {
    const id = await sendFile(box.dataset.upload ?? "", file, (share) => (progress.value = share));
    const tick = kept(box, file.name, id);
    progress.replaceWith(tick);
    tick.dispatchEvent(new Event("change", { bubbles: true }));
  } catch (problem) {
    line.remove();
    note(problem instanceof Error ? problem.message : text("That did not work."), "bad");
  }
}

function sendFile(url: string, file: File, told: (share: number) => void): Promise<string> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRF-Token", document.documentElement.dataset.csrf ?? "");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => told((event.loaded / event.total) * 100));
    request.addEventListener("error", () => failed(new Error(text("No connection. Nothing was changed."))));
    request.addEventListener("load", () => {
      const answer = JSON.parse(request.responseText || "{}") as { id?: number; title?: string };
      if (request.status < 300 && answer.id !== undefined) done(String(answer.id));
      else failed(new Error(answer.title ?? text("That did not work.")));
    });
    const body = new FormData();
    body.set("file", file);
    request.send(body);
  });
}
