// Sums typed into number fields: + - * / and brackets, exact in decimals; null for anything else.
const SCALE = 10n ** 12n;

export function calculate(source: string): string | null {
  const tokens = source.replace(/[,,\s]/g, "").replace(/[×]/g, "*").replace(/[÷]/g, "/").match(/\d+(?:\.\d+)?|[-+*/()]|./g) ?? [];
  let at = 0;
  const sum = (): bigint | null => {
    let left = product();
    while (left !== null && (tokens[at] === "+" || tokens[at] === "-")) {
      const sign = tokens[at++];
      const right = product();
      left = right === null ? null : sign === "+" ? left + right : left - right;
    }
    return left;
  };
  const product = (): bigint | null => {
    let left = one();
    while (left !== null && (tokens[at] === "*" || tokens[at] === "/")) {
      const sign = tokens[at++];
      const right = one();
      if (right === null || (sign === "/" && right === 0n)) return null;
      left = sign === "*" ? (left * right) / SCALE : (left * SCALE) / right;
    }
    return left;
  };
  const one = (): bigint | null => {
    const token = tokens[at++];
    if (token === "-") {
      const value = one();
      return value === null ? null : -value;
    }
    if (token === "(") {
      const value = sum();
      return tokens[at++] === ")" ? value : null;
    }
    return token && /^\d/.test(token) ? scaled(token) : null;
  };
  const value = sum();
  return value === null || at !== tokens.length ? null : plain(value);
}

function scaled(text: string): bigint {
  const [whole = "0", part = ""] = text.split(".");
  return BigInt(whole) * SCALE + BigInt(part.slice(0, 12).padEnd(12, "0"));
}

function plain(value: bigint): string {
  const [size, sign] = value < 0n ? [-value, "-"] : [value, ""];
  const part = String(size % SCALE).padStart(12, "0").replace(/0+$/, "");
  return `${sign}${size / SCALE}${part ? `.${part}` : ""}`;
}
