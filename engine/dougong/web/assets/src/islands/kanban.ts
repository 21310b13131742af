// A drag on the board is a move through the gate: targets light up, a refusal says why and opens just what is missing.
import Sortable from "sortablejs";
import { openDialog } from "../dialog";
import { note, send, text } from "../page";

type Refused = { why: string[]; form: string | null };

export function start(board: HTMLElement): void {
  const lanes = [...board.querySelectorAll<HTMLElement>(".lane")];
  for (const lane of lanes) {
    Sortable.create(lane.querySelector("ol")!, {
      group: { name: "board", put: (to, from) => targets(from.el).has(stage(to.el)) },
      draggable: ".deck",
      filter: "a.menu-item, summary",
      preventOnFilter: false,
      sort: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
      delay: 180,
      delayOnTouchOnly: true,
      scrollSensitivity: 90,
      ghostClass: "is-lifted",
      dragClass: "is-held",
      onStart: ({ from }) => light(board, lanes, from),
      onEnd: (event) => {
        board.classList.remove("is-dragging");
        if (event.from !== event.to) void move(event.item, event.from, event.to, event.oldDraggableIndex ?? 0);
      },
    });
  }
  count(); // what stands there before the first drag
}

function stage(list: HTMLElement): string {
  return list.closest<HTMLElement>(".lane")?.dataset.stage ?? "";
}

function targets(list: HTMLElement): Set<string> {
  return new Set((list.closest<HTMLElement>(".lane")?.dataset.targets ?? "").split(" ").filter(Boolean));
}

function light(board: HTMLElement, lanes: HTMLElement[], from: HTMLElement): void {
  const allowed = targets(from);
  board.classList.add("is-dragging");
  for (const lane of lanes) {
    lane.classList.toggle("may", allowed.has(lane.dataset.stage ?? ""));
    lane.classList.toggle("from", lane.contains(from));
  }
}

async function move(card: HTMLElement, from: HTMLElement, to: HTMLElement, index: number): Promise<void> {
  const url = `${card.dataset.move}${stage(to)}`;
  const back = () => {
    from.insertBefore(card, from.querySelectorAll(":scope > .deck")[index] ?? null);
    count();
  };
  count();
  const body = new FormData();
  body.set("_version", card.dataset.version ?? "");
  let answer: Response;
  try {
    answer = await send(url, body);
  } catch {
    back();
    return note(text("No connection. Nothing was changed."), "bad");
  }
  if (answer.ok) {
    const { version } = (await answer.json()) as { version: number };
    card.dataset.version = String(version);
    return note(text("Moved."));
  }
  back();
  const refused = (await answer.json().catch(() => ({ why: [], form: null }))) as Refused;
  if (refused.form) return openDialog(refused.form, () => location.reload());
  note(refused.why.join(" ") || text("That did not work."), "bad");
}

function count(): void {
  for (const lane of document.querySelectorAll<HTMLElement>(".lane")) {
    const shown = lane.querySelector<HTMLElement>("[data-count]");
    const before = Number(lane.dataset.shown ?? lane.querySelectorAll(".deck").length);
    if (shown && lane.dataset.shown !== undefined) shown.textContent = String(Number(shown.textContent) + lane.querySelectorAll(".deck").length - before);
    lane.dataset.shown = String(lane.querySelectorAll(".deck").length);
  }
}
