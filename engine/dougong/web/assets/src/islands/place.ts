// Where something was done: the name can be typed, or the device says where it is, once, when it is asked to.
import { note, text } from "../page";

export function start(form: HTMLElement): void {
  const button = form.querySelector<HTMLButtonElement>("[data-position]");
  const name = form.querySelector<HTMLInputElement>("[name=place]");
  const told = form.querySelector<HTMLOutputElement>("output");
  form.closest("details")?.addEventListener("toggle", () => name?.focus());
  if (!button || !name || !told || !("geolocation" in navigator) || !isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.classList.add("is-busy");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        button.classList.remove("is-busy");
        for (const axis of ["latitude", "longitude"] as const) form.querySelector<HTMLInputElement>(`[name=${axis}]`)!.value = coords[axis].toFixed(6);
        told.textContent = `${coords.latitude.toFixed(5)}, ${coords.longitude.toFixed(5)} (±${Math.round(coords.accuracy)} m)`;
        told.hidden = false;
        name.required = false;
      },
      () => {
        button.classList.remove("is-busy");
        note(text("The device does not say where it is. Type the place."), "bad");
        name.focus();
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}
