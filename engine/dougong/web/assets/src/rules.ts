// Runs the form's rules in the browser: the functions come from the server, made from the same expressions that the gate enforces.
import * as runtime from "dougong-runtime";

export type Value = string | number | boolean | null | string[];
type Rule = (record: Record<string, Value>, context: Facts) => Value;
type Kind = { key: string; many: boolean; words?: boolean; scale?: number; sign?: string };
type Facts = { today: string; now: string; zone: string; me: Record<string, Value>; old: Record<string, Value> | null };
export type Rules = {
  values: Record<string, Rule>;
  shown: Record<string, Rule>;
  required: Record<string, Rule>;
  groups: Record<string, Rule>;
  always: string[];
  kinds: Record<string, Kind>;
};
export type Outcome = { values: Record<string, string>; shown: Record<string, boolean>; required: Record<string, boolean>; groups: Record<string, boolean> };

const R = runtime as unknown as {
  inNumber: (value: Value, scale: number) => bigint | null;
  outNumber: (value: bigint | null, scale: number) => string | null;
  instant: (text: string, zone: string) => number;
  outInstant: (at: number) => string;
};

export async function load(url: string): Promise<Rules> {
  const module = (await import(url)) as { default: (R: unknown) => Rules };
  return module.default(runtime);
}

/** What the rules say of a record; computed fields that build on each other settle after a few rounds. */
export function run(rules: Rules, record: Record<string, Value>, context: Facts): Outcome {
  const row = { ...record };
  for (let round = 0; round < 8; round += 1) {
    let isSettled = true;
    for (const [name, rule] of Object.entries(rules.values)) {
      const value = kept(rule(row, context), rules.kinds[name]);
      if (JSON.stringify(value) !== JSON.stringify(row[name] ?? null)) isSettled = false;
      row[name] = value;
    }
    if (isSettled) break;
  }
  const holds = (all: Record<string, Rule>) => Object.fromEntries(Object.entries(all).map(([name, rule]) => [name, rule(row, context) === true]));
  const values = Object.fromEntries(Object.keys(rules.values).map((name) => [name, written(row[name] ?? null, rules.kinds[name])]));
  return { values, shown: holds(rules.shown), required: holds(rules.required), groups: holds(rules.groups) };
}

/** The value as its field keeps it: rounded to the field's places. */
function kept(value: Value, kind: Kind | undefined): Value {
  if (kind?.scale === undefined || value === null) return value;
  return R.outNumber(R.inNumber(value, kind.scale), kind.scale);
}

/** A value as people read it, as the server would write it. */
export function written(value: Value, kind: Kind | undefined): string {
  if (value === null) return "";
  if (kind?.key === "boolean") return document.documentElement.lang.startsWith("zh") ? (value ? "是" : "否") : value ? "Yes" : "No";
  const text = String(value);
  if (kind?.key === "percent") return `${(R.outNumber(R.inNumber(text, 4), 2) ?? "").replace(/\.?0+$/, "")}%`;
  if (kind?.key === "integer" || kind?.key === "number" || kind?.key === "money") {
    const [whole = "0", part] = text.replace("-", "").split(".");
    const sign = text.startsWith("-") ? "-" : "";
    return `${sign}${kind.sign ?? ""}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}${part ? `.${part}` : ""}`;
  }
  return text;
}

/** What stands in an input, as the record's JSON; undefined when only the server can tell. */
export function typed(texts: string[], kind: Kind, zone: string): Value | undefined {
  const filled = texts.filter((text) => text !== "");
  if (kind.words) return [...new Set(filled.flatMap((text) => text.split(/[,;\uff0c\uff1b\u3001\n]/)).map((word) => word.trim()).filter((word) => word !== ""))];
  if (kind.many) return filled;
  const text = (texts.at(-1) ?? "").trim();
  if (text === "") return null;
  if (kind.key === "boolean") return text === "true";
  if (kind.key === "link" || kind.key === "user" || kind.key === "file") return Number(text);
  if (kind.key === "datetime") return R.outInstant(R.instant(text.length === 16 ? `${text}:00` : text, zone));
  if (kind.scale === undefined && kind.key !== "integer") return text;
  const plain = text.replace(/[,,\s¥¥$€]/g, "");
  const percent = /^(-?\d+(?:\.\d+)?)[%%]$/.exec(plain);
  if (percent) return R.outNumber(R.inNumber(percent[1] ?? "", 4), 6);  // 20 with four places is 0.20 with six
  return /^-?\d+(?:\.\d+)?$/.test(plain) && kind.key !== "percent" ? plain : undefined;
}
