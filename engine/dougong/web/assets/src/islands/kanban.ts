// A drag on the board is a move through the gate: targets light up, a refusal says why and opens just what is missing.
import Sortable from "sortablejs";
import { openDialog } from "../dialog";
import { note, send, text } from "../page";

type Refused = { why: string[]; form: string | null };

let asked = 0;
let isStale = false;

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
        if (event.from !== event.to) void move(board, event.item, event.from, event.to, event.oldDraggableIndex ?? 0);
        else if (isStale) void refresh(board);
      },
    });
  }
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

async function move(board: HTMLElement, card: HTMLElement, from: HTMLElement, to: HTMLElement, index: number): Promise<void> {
  const url = `${card.dataset.move}${stage(to)}`;
  const back = () => from.insertBefore(card, from.querySelectorAll(":scope > .deck")[index] ?? null);
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
    note(text("Moved."));
    return refresh(board);
  }
  back();
  const refused = (await answer.json().catch(() => ({ why: [], form: null }))) as Refused;
  if (refused.form) return openDialog(refused.form, () => void refresh(board));
  note(refused.why.join(" ") || text("That did not work."), "bad");
}

/** Counts, sums and what each card may do next, as the server sees them now; the board stays where it was scrolled to. */
async function refresh(board: HTMLElement): Promise<void> {
  const turn = ++asked;
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (turn !== asked || !answer?.ok) return;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector<HTMLElement>(".board");
  isStale = board.classList.contains("is-dragging"); // not under the hand: when it lets go
  if (!found || isStale) return;
  const fresh = new Map([...found.querySelectorAll<HTMLElement>(".lane")].map((lane) => [lane.dataset.stage, lane]));
  const lanes = [...board.querySelectorAll<HTMLElement>(".lane")];
  if (lanes.length !== fresh.size || lanes.some((lane) => !fresh.has(lane.dataset.stage))) {
    board.replaceWith(found);
    document.dispatchEvent(new Event("wake"));
    return;
  }
  for (const lane of lanes) {
    const now = fresh.get(lane.dataset.stage)!;
    lane.querySelector("header")!.replaceWith(now.querySelector("header")!);
    lane.querySelector("ol")!.replaceChildren(...now.querySelector("ol")!.children);
    lane.querySelector(".lane-more")?.remove();
    const more = now.querySelector(".lane-more");
    if (more) lane.append(more);
  }
}
