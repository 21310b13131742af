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
export const substitute = (text, old, now) => {
  if (blank(text) || blank(old)) return null;
  const parts = text.split(old), there = now ?? "", most = 1000000;
  if (text.length + parts.length * there.length > most) { // count what the other backends count: code points
    const length = (one) => Array.from(one).length, more = length(there) - length(old);
    if (more > 0 && length(text) + (parts.length - 1) * more > most) return null;
  }
  return orNull(parts.join(there));
};
// One letter for one letter, by the table that `python -m scripts.letters` writes: first, last, step, what is added.
const UPPER = "61 7a 1 -20;b5 b5 1 2e7;e0 f6 1 -20;f8 fe 1 -20;ff ff 1 79;101 12f 2 -1;131 131 1 -e8;133 137 2 -1;13a 148 2 -1;14b 177 2 -1;17a 17e 2 -1;17f 17f 1 -12c;180 180 1 c3;183 185 2 -1;188 188 1 -1;18c 18c 1 -1;192 192 1 -1;195 195 1 61;199 199 1 -1;19a 19a 1 a3;19e 19e 1 82;1a1 1a5 2 -1;1a8 1a8 1 -1;1ad 1ad 1 -1;1b0 1b0 1 -1;1b4 1b6 2 -1;1b9 1b9 1 -1;1bd 1bd 1 -1;1bf 1bf 1 38;1c5 1c5 1 -1;1c6 1c6 1 -2;1c8 1c8 1 -1;1c9 1c9 1 -2;1cb 1cb 1 -1;1cc 1cc 1 -2;1ce 1dc 2 -1;1dd 1dd 1 -4f;1df 1ef 2 -1;1f2 1f2 1 -1;1f3 1f3 1 -2;1f5 1f5 1 -1;1f9 21f 2 -1;223 233 2 -1;23c 23c 1 -1;23f 240 1 2a3f;242 242 1 -1;247 24f 2 -1;250 250 1 2a1f;251 251 1 2a1c;252 252 1 2a1e;253 253 1 -d2;254 254 1 -ce;256 257 1 -cd;259 259 1 -ca;25b 25b 1 -cb;25c 25c 1 a54f;260 260 1 -cd;261 261 1 a54b;263 263 1 -cf;265 265 1 a528;266 266 1 a544;268 268 1 -d1;269 269 1 -d3;26a 26a 1 a544;26b 26b 1 29f7;26c 26c 1 a541;26f 26f 1 -d3;271 271 1 29fd;272 272 1 -d5;275 275 1 -d6;27d 27d 1 29e7;280 280 1 -da;282 282 1 a543;283 283 1 -da;287 287 1 a52a;288 288 1 -da;289 289 1 -45;28a 28b 1 -d9;28c 28c 1 -47;292 292 1 -db;29d 29d 1 a515;29e 29e 1 a512;345 345 1 54;371 373 2 -1;377 377 1 -1;37b 37d 1 82;3ac 3ac 1 -26;3ad 3af 1 -25;3b1 3c1 1 -20;3c2 3c2 1 -1f;3c3 3cb 1 -20;3cc 3cc 1 -40;3cd 3ce 1 -3f;3d0 3d0 1 -3e;3d1 3d1 1 -39;3d5 3d5 1 -2f;3d6 3d6 1 -36;3d7 3d7 1 -8;3d9 3ef 2 -1;3f0 3f0 1 -56;3f1 3f1 1 -50;3f2 3f2 1 7;3f3 3f3 1 -74;3f5 3f5 1 -60;3f8 3f8 1 -1;3fb 3fb 1 -1;430 44f 1 -20;450 45f 1 -50;461 481 2 -1;48b 4bf 2 -1;4c2 4ce 2 -1;4cf 4cf 1 -f;4d1 52f 2 -1;561 586 1 -30;10d0 10fa 1 bc0;10fd 10ff 1 bc0;13f8 13fd 1 -8;1c80 1c80 1 -186e;1c81 1c81 1 -186d;1c82 1c82 1 -1864;1c83 1c84 1 -1862;1c85 1c85 1 -1863;1c86 1c86 1 -185c;1c87 1c87 1 -1825;1c88 1c88 1 89c2;1d79 1d79 1 8a04;1d7d 1d7d 1 ee6;1d8e 1d8e 1 8a38;1e01 1e95 2 -1;1e9b 1e9b 1 -3b;1ea1 1eff 2 -1;1f00 1f07 1 8;1f10 1f15 1 8;1f20 1f27 1 8;1f30 1f37 1 8;1f40 1f45 1 8;1f51 1f57 2 8;1f60 1f67 1 8;1f70 1f71 1 4a;1f72 1f75 1 56;1f76 1f77 1 64;1f78 1f79 1 80;1f7a 1f7b 1 70;1f7c 1f7d 1 7e;1f80 1f87 1 8;1f90 1f97 1 8;1fa0 1fa7 1 8;1fb0 1fb1 1 8;1fb3 1fb3 1 9;1fbe 1fbe 1 -1c25;1fc3 1fc3 1 9;1fd0 1fd1 1 8;1fe0 1fe1 1 8;1fe5 1fe5 1 7;1ff3 1ff3 1 9;214e 214e 1 -1c;2170 217f 1 -10;2184 2184 1 -1;24d0 24e9 1 -1a;2c30 2c5f 1 -30;2c61 2c61 1 -1;2c65 2c65 1 -2a2b;2c66 2c66 1 -2a28;2c68 2c6c 2 -1;2c73 2c73 1 -1;2c76 2c76 1 -1;2c81 2ce3 2 -1;2cec 2cee 2 -1;2cf3 2cf3 1 -1;2d00 2d25 1 -1c60;2d27 2d27 1 -1c60;2d2d 2d2d 1 -1c60;a641 a66d 2 -1;a681 a69b 2 -1;a723 a72f 2 -1;a733 a76f 2 -1;a77a a77c 2 -1;a77f a787 2 -1;a78c a78c 1 -1;a791 a793 2 -1;a794 a794 1 30;a797 a7a9 2 -1;a7b5 a7c3 2 -1;a7c8 a7ca 2 -1;a7d1 a7d1 1 -1;a7d7 a7d9 2 -1;a7f6 a7f6 1 -1;ab53 ab53 1 -3a0;ab70 abbf 1 -97d0;ff41 ff5a 1 -20;10428 1044f 1 -28;104d8 104fb 1 -28;10597 105a1 1 -27;105a3 105b1 1 -27;105b3 105b9 1 -27;105bb 105bc 1 -27;10cc0 10cf2 1 -40;118c0 118df 1 -20;16e60 16e7f 1 -20;1e922 1e943 1 -22";
const LOWER = "41 5a 1 20;c0 d6 1 20;d8 de 1 20;100 12e 2 1;130 130 1 -c7;132 136 2 1;139 147 2 1;14a 176 2 1;178 178 1 -79;179 17d 2 1;181 181 1 d2;182 184 2 1;186 186 1 ce;187 187 1 1;189 18a 1 cd;18b 18b 1 1;18e 18e 1 4f;18f 18f 1 ca;190 190 1 cb;191 191 1 1;193 193 1 cd;194 194 1 cf;196 196 1 d3;197 197 1 d1;198 198 1 1;19c 19c 1 d3;19d 19d 1 d5;19f 19f 1 d6;1a0 1a4 2 1;1a6 1a6 1 da;1a7 1a7 1 1;1a9 1a9 1 da;1ac 1ac 1 1;1ae 1ae 1 da;1af 1af 1 1;1b1 1b2 1 d9;1b3 1b5 2 1;1b7 1b7 1 db;1b8 1b8 1 1;1bc 1bc 1 1;1c4 1c4 1 2;1c5 1c5 1 1;1c7 1c7 1 2;1c8 1c8 1 1;1ca 1ca 1 2;1cb 1db 2 1;1de 1ee 2 1;1f1 1f1 1 2;1f2 1f4 2 1;1f6 1f6 1 -61;1f7 1f7 1 -38;1f8 21e 2 1;220 220 1 -82;222 232 2 1;23a 23a 1 2a2b;23b 23b 1 1;23d 23d 1 -a3;23e 23e 1 2a28;241 241 1 1;243 243 1 -c3;244 244 1 45;245 245 1 47;246 24e 2 1;370 372 2 1;376 376 1 1;37f 37f 1 74;386 386 1 26;388 38a 1 25;38c 38c 1 40;38e 38f 1 3f;391 3a1 1 20;3a3 3ab 1 20;3cf 3cf 1 8;3d8 3ee 2 1;3f4 3f4 1 -3c;3f7 3f7 1 1;3f9 3f9 1 -7;3fa 3fa 1 1;3fd 3ff 1 -82;400 40f 1 50;410 42f 1 20;460 480 2 1;48a 4be 2 1;4c0 4c0 1 f;4c1 4cd 2 1;4d0 52e 2 1;531 556 1 30;10a0 10c5 1 1c60;10c7 10c7 1 1c60;10cd 10cd 1 1c60;13a0 13ef 1 97d0;13f0 13f5 1 8;1c90 1cba 1 -bc0;1cbd 1cbf 1 -bc0;1e00 1e94 2 1;1e9e 1e9e 1 -1dbf;1ea0 1efe 2 1;1f08 1f0f 1 -8;1f18 1f1d 1 -8;1f28 1f2f 1 -8;1f38 1f3f 1 -8;1f48 1f4d 1 -8;1f59 1f5f 2 -8;1f68 1f6f 1 -8;1f88 1f8f 1 -8;1f98 1f9f 1 -8;1fa8 1faf 1 -8;1fb8 1fb9 1 -8;1fba 1fbb 1 -4a;1fbc 1fbc 1 -9;1fc8 1fcb 1 -56;1fcc 1fcc 1 -9;1fd8 1fd9 1 -8;1fda 1fdb 1 -64;1fe8 1fe9 1 -8;1fea 1feb 1 -70;1fec 1fec 1 -7;1ff8 1ff9 1 -80;1ffa 1ffb 1 -7e;1ffc 1ffc 1 -9;2126 2126 1 -1d5d;212a 212a 1 -20bf;212b 212b 1 -2046;2132 2132 1 1c;2160 216f 1 10;2183 2183 1 1;24b6 24cf 1 1a;2c00 2c2f 1 30;2c60 2c60 1 1;2c62 2c62 1 -29f7;2c63 2c63 1 -ee6;2c64 2c64 1 -29e7;2c67 2c6b 2 1;2c6d 2c6d 1 -2a1c;2c6e 2c6e 1 -29fd;2c6f 2c6f 1 -2a1f;2c70 2c70 1 -2a1e;2c72 2c72 1 1;2c75 2c75 1 1;2c7e 2c7f 1 -2a3f;2c80 2ce2 2 1;2ceb 2ced 2 1;2cf2 2cf2 1 1;a640 a66c 2 1;a680 a69a 2 1;a722 a72e 2 1;a732 a76e 2 1;a779 a77b 2 1;a77d a77d 1 -8a04;a77e a786 2 1;a78b a78b 1 1;a78d a78d 1 -a528;a790 a792 2 1;a796 a7a8 2 1;a7aa a7aa 1 -a544;a7ab a7ab 1 -a54f;a7ac a7ac 1 -a54b;a7ad a7ad 1 -a541;a7ae a7ae 1 -a544;a7b0 a7b0 1 -a512;a7b1 a7b1 1 -a52a;a7b2 a7b2 1 -a515;a7b3 a7b3 1 3a0;a7b4 a7c2 2 1;a7c4 a7c4 1 -30;a7c5 a7c5 1 -a543;a7c6 a7c6 1 -8a38;a7c7 a7c9 2 1;a7d0 a7d0 1 1;a7d6 a7d8 2 1;a7f5 a7f5 1 1;ff21 ff3a 1 20;10400 10427 1 28;104b0 104d3 1 28;10570 1057a 1 27;1057c 1058a 1 27;1058c 10592 1 27;10594 10595 1 27;10c80 10cb2 1 40;118a0 118bf 1 20;16e40 16e5f 1 20;1e900 1e921 1 22";
const letters = (runs) => {
  const table = new Map();
  for (const run of runs.split(";")) {
    const [first, last, step, shift] = run.split(" ").map((n) => parseInt(n, 16));
    for (let at = first; at <= last; at += step) table.set(String.fromCodePoint(at), String.fromCodePoint(at + shift));
  }
  return table;
};
const recased = (runs) => {
  let table = null;
  return strict((text) => {
    table ??= letters(runs);
    return Array.from(text, (letter) => table.get(letter) ?? letter).join("");
  });
};
export const upper = recased(UPPER);
export const lower = recased(LOWER);
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

// working days: totals over days that follow a week's pattern, but for some (`working_totals.py`)
const calendars = new Map();
export const calendar = (text) => {
  if (!calendars.has(text)) {
    const [pattern, distances] = text.split(" "), usual = Array.from(pattern, Number), week = [0], days = [], more = [0], totals = [];
    for (const worked of usual) week.push(week.at(-1) + worked);
    const found = { usual, week, days, more, totals };
    for (const distance of distances ? distances.split(",") : []) {
      const day = (days.at(-1) ?? 0) + Number(distance);
      days.push(day);
      more.push(more.at(-1) + (usual[(day - 1) % 7] ? -1 : 1));
      totals.push(through(found, day));
    }
    calendars.set(text, found);
  }
  return calendars.get(text);
};
const below = (sorted, limit) => {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < limit) low = middle + 1; else high = middle;
  }
  return low;
};
const usualThrough = ({ week }, day) => Math.floor(day / 7) * week[7] + week[day % 7];
const through = (c, day) => usualThrough(c, day) + c.more[below(c.days, day + 1)];
const reaching = (c, total) => {
  const at = below(c.totals, total), base = at ? c.days[at - 1] : 0, have = at ? c.totals[at - 1] : 0;
  const wanted = usualThrough(c, base) + total - have - 1, rest = wanted % c.week[7];
  return Math.min(Math.floor(wanted / c.week[7]) * 7 + below(c.week, rest + 1), c.days[at] ?? Infinity);
};
export const workday = strict((day, n, c) => {
  const amount = bounded(n, 4000000n), at = dayNumber(day);
  if (amount === 0) return day;
  const total = amount === null ? 0 : amount > 0 ? through(c, at) + amount : through(c, at - 1) + amount + 1;
  return total < 1 ? null : fromDayNumber(reaching(c, total));
});
export const networkdays = strict((a, b, c) => {
  const from = dayNumber(a), to = dayNumber(b);
  return BigInt(from <= to ? through(c, to) - through(c, from - 1) : through(c, to - 1) - through(c, from));
});
export const isworkday = strict((day, c) => through(c, dayNumber(day)) > through(c, dayNumber(day) - 1));
export const addWorkingDays = strict((at, n, c, zone) => {
  const local = at + offset(at, zone), day = inYears(local) === null ? null : workday(isoDay(new Date(local)), n, c);
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
