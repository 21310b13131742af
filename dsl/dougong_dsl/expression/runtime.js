// The operations of the expression language over plain values, for the browser and for tests in node.
//
// Numbers are BigInts scaled by places that the generated code knows; days are "YYYY-MM-DD"; instants and durations are
// milliseconds; null stands for null everywhere. The meaning of each operation is that of values.py.

const strict = (f) => (...a) => (a.some((x) => x === null || x === undefined) ? null : f(...a));
const pow10 = (n) => 10n ** BigInt(n);
const abs_ = (a) => (a < 0n ? -a : a);
const orNull = (text) => (text === "" ? null : text);
const LAST = 253402300799999, FIRST = -62135596800000, DAY = 86400000, LONGEST = 10000 * 366 * DAY;

// --- reading and giving back

export const read = (row, name) => {
  const value = row == null ? null : row[name];
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0) ? null : value;
};
export const inNumber = (value, scale) => {
  if (value === null || value === undefined) return null;
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\s*$/.exec(String(value));
  if (!match || !(match[2] || match[3])) return null;
  const places = match[3] ?? "", shift = scale - places.length + Number(match[4] ?? 0);
  const whole = BigInt((match[2] + places) || "0");
  const scaled = shift >= 0 ? whole * pow10(shift) : half(whole, pow10(-shift));
  return match[1] === "-" ? -scaled : scaled;
};
export const outNumber = strict((value, scale) => {
  const digits = abs_(value).toString().padStart(scale + 1, "0"), sign = value < 0n ? "-" : "";
  return sign + (scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits);
});
export const inInstant = (value) => (value === null || value === undefined ? null : Date.parse(value));
export const outInstant = strict((value) => new Date(value).toISOString());
export const inId = (value) => (value === null || value === undefined || value === "" ? null : Number(value));
export const big = (value) => (value === null ? null : BigInt(value));

// --- logic

export const not = strict((a) => !a);
export const and = (...items) => (items.includes(false) ? false : items.some((x) => x === null || x === undefined) ? null : true);
export const or = (...items) => (items.includes(true) ? true : items.some((x) => x === null || x === undefined) ? null : false);
export const blank = (a) => a === null || a === undefined;

// texts compare by code point; UTF-16 order differs above U+D7FF
const order = (a, b) => {
  if (typeof a !== "string") return a < b ? -1 : a > b ? 1 : 0;
  const left = Array.from(a), right = Array.from(b);
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    if (left[i] !== right[i]) return left[i].codePointAt(0) < right[i].codePointAt(0) ? -1 : 1;
  }
  return left.length - right.length;
};
export const eq = strict((a, b) => a === b);
export const ne = strict((a, b) => a !== b);
export const lt = strict((a, b) => order(a, b) < 0);
export const le = strict((a, b) => order(a, b) <= 0);
export const gt = strict((a, b) => order(a, b) > 0);
export const ge = strict((a, b) => order(a, b) >= 0);
export const range = (a, low, high) => and(ge(a, low), le(a, high));
export const oneOf = (a, ...options) => or(...options.map((option) => eq(a, option)));
export const inList = (a, list, isNumber, scale) => {
  if (list === null || list === undefined || list.length === 0) return false;
  if (a === null || a === undefined) return null;
  return (isNumber ? list.map((item) => inNumber(item, scale)) : list).includes(a);
};
export const pick = (a, branches, otherwise) => {
  if (a === null || a === undefined) return otherwise();
  const found = branches.find(([key]) => key === a);
  return found ? found[1]() : otherwise();
};
export const changed = (old, now, before) => old == null || JSON.stringify(now, text_) !== JSON.stringify(before, text_);
const text_ = (_key, value) => (typeof value === "bigint" ? value.toString() : value);

// --- numbers

const half = (a, b) => {
  const sign = (a < 0n) !== (b < 0n) ? -1n : 1n, n = abs_(a), d = abs_(b);
  return sign * ((2n * n + d) / (2n * d));
};
const floorDiv = (a, b) => {
  const q = a / b;
  return a % b !== 0n && (a < 0n) !== (b < 0n) ? q - 1n : q;
};
export const up = strict((a, places) => a * pow10(places));
export const add = strict((a, b) => a + b);
export const sub = strict((a, b) => a - b);
export const mul = strict((a, b) => a * b);
export const neg = strict((a) => -a);
export const div = strict((a, scaleA, b, scaleB) => (b === 0n ? null : half(a * pow10(10 + scaleB), b * pow10(scaleA))));
export const abs = strict(abs_);
export const sign = strict((a) => (a > 0n ? 1n : a < 0n ? -1n : 0n));
const rounding = (pick) => strict((a, scale, places, out) => {
  const drop = scale - Number(places);
  if (drop <= 0) return a * pow10(out - scale);
  const unit = pow10(drop), kept = pick(a, unit); // `places` may be negative: `out` is then 0
  return Number(places) >= 0 ? kept * pow10(out - Number(places)) : kept * pow10(-Number(places));
});
export const round = rounding(half);
export const roundUp = rounding((a, unit) => (a < 0n ? floorDiv(a, unit) : -floorDiv(-a, unit)));
export const roundDown = rounding((a, unit) => a / unit);
const stepping = (pick) => strict((a, scaleA, step, scaleStep, out) => {
  if (step <= 0n) return null;
  const scale = Math.max(scaleA, scaleStep), unit = step * pow10(scale - scaleStep);
  const found = pick(a * pow10(scale - scaleA), unit) * unit;
  return out >= scale ? found * pow10(out - scale) : found / pow10(scale - out);
});
export const floor = stepping(floorDiv);
export const ceiling = stepping((a, unit) => -floorDiv(-a, unit));
export const mod = strict((a, b) => (b === 0n ? null : a - floorDiv(a, b) * b));
export const percent = strict((part, scaleP, whole, scaleW, places, out) =>
  whole === 0n ? null : half(part * pow10(Number(places) + scaleW), whole * pow10(scaleP)) * pow10(out - Number(places)));
const extreme = (better) => (...items) =>
  items.reduce((best, x) => (blank(x) ? best : best === null || better(order(x, best)) ? x : best), null);
export const min = extreme((o) => o < 0);
export const max = extreme((o) => o > 0);
export const number = strict((text, scale) => {
  const plain = trim_(text).replaceAll(",", "");
  return /^[+-]?[0-9]{1,18}(\.[0-9]{1,10})?$/.test(plain) ? inNumber(plain, scale) : null;
});
export const shown = strict((a, scale) => {
  const text = outNumber(a, scale);
  return scale ? text.replace(/\.?0+$/, "") : text;
});

// --- text

const SPACES = " \t\n\r\v\f\u00a0\u3000";
const trim_ = (text) => {
  let start = 0, end = text.length;
  while (start < end && SPACES.includes(text[start])) start += 1;
  while (end > start && SPACES.includes(text[end - 1])) end -= 1;
  return text.slice(start, end);
};
const size = (n) => (n < 0n ? 0 : n > 1000000n ? 1000000 : Number(n));
export const join = (...items) => orNull(items.map((x) => (blank(x) ? "" : x)).join(""));
export const len = strict((text) => BigInt(Array.from(text).length));
export const count = (list) => BigInt(list?.length ?? 0);
export const left = strict((text, n) => orNull(Array.from(text).slice(0, size(n)).join("")));
export const right = strict((text, n) => (n <= 0n ? null : orNull(Array.from(text).slice(-size(n)).join(""))));
export const mid = strict((text, start, n) => {
  const first = Math.max(size(start), 1) - 1;
  return orNull(Array.from(text).slice(first, first + size(n)).join(""));
});
export const find = strict((part, text, start = 1n) => {
  const first = Math.max(size(start), 1) - 1, letters = Array.from(text);
  const rest = letters.slice(first).join(""), at = first > letters.length ? -1 : rest.indexOf(part);
  return at < 0 ? 0n : BigInt(first + Array.from(rest.slice(0, at)).length + 1);
});
export const contains = strict((text, part) => text.includes(part));
export const startsWith = strict((text, part) => text.startsWith(part));
export const endsWith = strict((text, part) => text.endsWith(part));
export const substitute = (text, old, now) => (blank(text) || blank(old) ? null : orNull(text.split(old).join(now ?? "")));
export const upper = strict((text) => text.toUpperCase());
export const lower = strict((text) => text.toLowerCase());
export const trim = strict((text) => orNull(trim_(text)));

// --- days and instants

const ORIGIN = 719163; // day number of 1970-01-01, counted as 0001-01-01 = 1
const dayNumber = (day) => {
  const [y, m, d] = day.split("-").map(Number);
  const at = new Date(0);
  at.setUTCFullYear(y, m - 1, d);
  return at.getTime() / DAY + ORIGIN;
};
const fromDayNumber = (n) => (n < 1 || n > 3652059 ? null : isoDay(new Date((n - ORIGIN) * DAY)));
const isoDay = (at) => {
  const pad = (n, width) => String(n).padStart(width, "0");
  return `${pad(at.getUTCFullYear(), 4)}-${pad(at.getUTCMonth() + 1, 2)}-${pad(at.getUTCDate(), 2)}`;
};
const monthLength = (y, m) => {
  const at = new Date(0);
  at.setUTCFullYear(y, m, 0);
  return at.getUTCDate();
};
const bounded = (n, limit) => (n > limit || n < -limit ? null : Number(n));
const moved = (day, n) => {
  const [y, m, d] = day.split("-").map(Number), months = y * 12 + m - 1 + n;
  const year = Math.floor(months / 12), month = (months % 12 + 12) % 12 + 1;
  if (year < 1 || year > 9999) return null;
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(Math.min(d, monthLength(year, month))).padStart(2, "0")}`;
};
const parts = new Map();
const offset = (at, zone) => {
  if (zone === "Asia/Shanghai" && at > 700000000000) return 8 * 3600000;
  if (!parts.has(zone)) {
    parts.set(zone, new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", era: "short", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }));
  }
  const found = Object.fromEntries(parts.get(zone).formatToParts(at).map((p) => [p.type, p.value]));
  const local = new Date(0);
  local.setUTCFullYear(found.era === "BC" ? 1 - Number(found.year) : Number(found.year), Number(found.month) - 1, Number(found.day));
  local.setUTCHours(Number(found.hour), Number(found.minute), Number(found.second));
  return local.getTime() - Math.floor(at / 1000) * 1000;
};
const inYears = (at) => (at < FIRST || at > LAST ? null : at);
const toInstant = (local, zone) => {
  // `local` is the wall clock read as if it were UTC
  const first = local - offset(local, zone), second = local - offset(first, zone);
  return second === first ? first : Math.min(first, second) + offset(Math.min(first, second), zone) === local ? Math.min(first, second) : Math.max(first, second);
};
export const instant = (text, zone) => toInstant(Date.parse(`${text}Z`), zone);
export const localDay = strict((at, zone) => {
  const local = at + offset(at, zone);
  return inYears(local) === null ? null : isoDay(new Date(local));
});
export const addDays = strict((day, n, sign) => {
  const amount = bounded(n, 3652059n);
  return amount === null ? null : fromDayNumber(dayNumber(day) + sign * amount);
});
export const addMonths = strict((day, n, sign = 1) => {
  const amount = bounded(n, 200000n);
  return amount === null ? null : moved(day, sign * amount);
});
export const addMonthsAt = strict((at, n, sign, zone) => {
  const amount = bounded(n, 200000n), local = at + offset(at, zone);
  const day = amount === null || inYears(local) === null ? null : moved(isoDay(new Date(local)), sign * amount);
  return day === null ? null : inYears(toInstant(Date.parse(`${day}T00:00:00Z`) + ((local % DAY) + DAY) % DAY, zone));
});
export const addTime = strict((at, amount, sign) => inYears(at + sign * amount));
export const addLength = strict((a, b, sign) => a + sign * b);
export const daysBetween = strict((a, b) => BigInt(dayNumber(a) - dayNumber(b)));
export const timeBetween = strict((a, b) => a - b);
export const date = strict((y, m, d) => {
  if (y < 1n || y > 9999n || bounded(m, 9999n) === null || bounded(d, 99999n) === null) return null;
  const first = moved(`${String(y).padStart(4, "0")}-01-01`, Number(m) - 1);
  return first === null ? null : fromDayNumber(dayNumber(first) + Number(d) - 1);
});
export const year = strict((day) => BigInt(day.slice(0, 4)));
export const month = strict((day) => BigInt(day.slice(5, 7)));
export const quarter = strict((day) => (BigInt(day.slice(5, 7)) + 2n) / 3n);
export const day = strict((text) => BigInt(text.slice(8, 10)));
export const weekday = strict((text) => BigInt((dayNumber(text) + 6) % 7 + 1));
export const eomonth = strict((text, n) => {
  const first = addMonths(`${text.slice(0, 8)}01`, n);
  return first === null ? null : first.slice(0, 8) + String(monthLength(Number(first.slice(0, 4)), Number(first.slice(5, 7)))).padStart(2, "0");
});
export const datedif = strict((start, end, unit) => {
  if (unit === "day") return daysBetween(end, start);
  const [a, b, sign] = order(end, start) < 0 ? [end, start, -1n] : [start, end, 1n];
  const months = (year(b) - year(a)) * 12n + month(b) - month(a) - (day(b) < day(a) ? 1n : 0n);
  return sign * (unit === "month" ? months : months / 12n);
});
export const duration = strict((n, step) => {
  const amount = n * BigInt(step);
  return bounded(amount, BigInt(LONGEST));
});
export const hours = strict((amount) => div(BigInt(amount), 0, 3600000n, 0));

// --- texts, patterns and layouts; the meaning is that of texts.py and periods.py

const MOST = 10000;
export const xor = strict((...items) => items.filter(Boolean).length % 2 === 1);
export const clamp = strict((n, low, high) => { const up = n > low ? n : low; return up < high ? up : high; });
export const joinList = (list, separator) => (blank(list) ? null : orNull(list.filter((x) => !blank(x)).join(separator)));
export const repeat = strict((text, n) => (n > 0n && BigInt(Array.from(text).length) * n <= BigInt(MOST) ? text.repeat(Number(n)) : null));
export const split = strict((text, separator, n) => {
  const found = text.split(separator);
  return n >= 1n && n <= BigInt(found.length) ? orNull(found[Number(n) - 1]) : null;
});
export const padLeft = strict((text, width, fill = "0") => {
  const missing = Math.min(size(width), 1000) - Array.from(text).length;
  return missing > 0 ? Array.from(fill)[0].repeat(missing) + text : text;
});
export const mask = strict((text, left, right) => {
  const letters = Array.from(text), first = Math.min(size(left), MOST), last = Math.min(size(right), MOST), hidden = letters.length - first - last;
  return hidden <= 0 ? "*".repeat(letters.length) : letters.slice(0, first).join("") + "*".repeat(hidden) + letters.slice(letters.length - last).join("");
});
const patterns = new Map();
export const matches = strict((text, pattern) => {
  if (!patterns.has(pattern)) patterns.set(pattern, new RegExp(`^${pattern}$`, "u"));
  return Array.from(text).length <= 200 && patterns.get(pattern).test(text);
});
export const numberText = strict((value, scale, places, optional, digits, grouped, prefix, suffix) => {
  const keep = Number(places), drop = Number(optional);
  let [whole, fraction = ""] = outNumber(abs_(value) * pow10(Math.max(keep - scale, 0)), Math.max(keep, scale)).split(".");
  if (drop) fraction = fraction.slice(0, keep - drop) + fraction.slice(keep - drop).replace(/0+$/, "");
  whole = whole.replace(/^0+/, "").padStart(Number(digits), "0");
  if (grouped) whole = whole.replace(/(\d)(?=(\d{3})+$)/g, "$1,");
  return orNull((value < 0n ? "-" : "") + prefix + whole + (fraction ? "." : "") + fraction + suffix);
});
const WEEKDAYS = Array.from("一二三四五六日");
const pieceText = (at, field) => {
  const weekday = WEEKDAYS[(at.getUTCDay() + 6) % 7];
  if (field[0] === "a") return (field === "aaaa" ? "星期" : "") + weekday;
  if (field[0] === "y") return String(at.getUTCFullYear()).padStart(4, "0").slice(-field.length);
  const parts = { m: at.getUTCMonth() + 1, d: at.getUTCDate(), h: at.getUTCHours(), n: at.getUTCMinutes(), s: at.getUTCSeconds() };
  return String(parts[field[0]]).padStart(field.length, "0");
};
const layout = (at, spec) => orNull(JSON.parse(spec).map(([text, isField]) => (isField ? pieceText(at, text) : text)).join(""));
export const dayText = strict((day, spec) => layout(new Date((dayNumber(day) - ORIGIN) * DAY), spec));
export const instantText = strict((at, spec, zone) => {
  const local = at + offset(at, zone);
  return inYears(local) === null ? null : layout(new Date(local), spec);
});
const CAPITALS = Array.from("零壹贰叁肆伍陆柒捌玖");
export const rmbUpper = strict((value, scale) => {
  const fen = scale > 2 ? half(value, pow10(scale - 2)) : value * pow10(2 - scale), amount = abs_(fen);
  if (amount >= pow10(18)) return null;
  const yuan = amount / 100n, jiao = Number(amount / 10n % 10n), rest = Number(amount % 10n);
  let text = "", waiting = false;
  for (let power = 15; power >= 0; power -= 1) {
    const digit = Number(yuan / pow10(power) % 10n);
    if (digit) text += (waiting && text ? "零" : "") + CAPITALS[digit] + ["", "拾", "佰", "仟"][power % 4];
    waiting = digit === 0;
    if (power && power % 4 === 0 && yuan / pow10(power) % 10000n) {
      text += power === 12 && yuan / pow10(8) % 10000n ? "万" : ["", "万", "亿", "万亿"][power / 4];
    }
  }
  if (text) text += "元";
  if (!jiao && !rest) text = `${text || "零元"}整`;
  else text += (jiao ? `${CAPITALS[jiao]}角` : yuan ? "零" : "") + (rest ? `${CAPITALS[rest]}分` : "整");
  return fen < 0n ? `负${text}` : text;
});

// --- clock times and periods

export const at = strict((day, h, m, s, zone) => {
  if (h < 0n || h > 23n || m < 0n || m > 59n || s < 0n || s > 59n) return null;
  return inYears(toInstant((dayNumber(day) - ORIGIN) * DAY + Number((h * 60n + m) * 60n + s) * 1000, zone));
});
const clock = (part) => strict((at, zone) => {
  const local = at + offset(at, zone);
  return inYears(local) === null ? null : BigInt(part(new Date(local)));
});
export const hour = clock((at) => at.getUTCHours());
export const minute = clock((at) => at.getUTCMinutes());
export const weeknum = strict((text) => {
  const n = dayNumber(text), thursday = n - (n + 6) % 7 + 3, at = new Date((thursday - ORIGIN) * DAY);
  return BigInt(Math.floor((thursday - ORIGIN - Math.floor(at.setUTCMonth(0, 1) / DAY)) / 7) + 1);
});
const MONTHS = { month: 1, quarter: 3, year: 12 };
export const startOf = strict((text, unit) => {
  if (unit === "week") return fromDayNumber(dayNumber(text) - (dayNumber(text) + 6) % 7);
  const first = Math.floor((Number(text.slice(5, 7)) - 1) / MONTHS[unit]) * MONTHS[unit] + 1;
  return `${text.slice(0, 5)}${String(first).padStart(2, "0")}-01`;
});
export const endOf = strict((text, unit) => {
  const first = startOf(text, unit);
  return unit === "week" ? fromDayNumber(dayNumber(first) + 6) : eomonth(first, BigInt(MONTHS[unit] - 1));
});
export const readDay = strict((text) => {
  const found = /^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?$/u.exec(trim_(text));
  if (!found) return null;
  const [y, m, d] = found.slice(1).map(Number);
  return y >= 1 && m >= 1 && m <= 12 && d >= 1 && d <= monthLength(y, m) ? `${found[1]}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}` : null;
});
