// Bundles src/ into ../static/dist: script and style with hashed names, a sprite of the icons in use, the licences of what is
// bundled, and manifest.json, which maps "app.js" to "app-3F2A….js". Entry points: src/app.ts, src/app.css, every src/islands/*.ts.
// Run as `node build.mjs [--watch]`.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../static/dist");
const building = `${target}.new`;
const runtime = join(here, "../../../../dsl/dougong_dsl/expression/runtime.js");

const options = {
  absWorkingDir: here,
  entryPoints: ["src/app.ts", "src/app.css", ...listed("src/islands", ".ts")],
  outdir: building,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".svg": "file", ".woff2": "file" },
  alias: { "dougong-runtime": runtime },
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  minify: true,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
};

function listed(folder, ending) {
  const full = join(here, folder);
  return existsSync(full) ? readdirSync(full).filter((f) => f.endsWith(ending)).sort().map((f) => `${folder}/${f}`) : [];
}

/** One SVG with a <symbol id="name"> for each name in src/icons.json; a name may be "filled/star". */
function sprite() {
  const names = JSON.parse(readFileSync(join(here, "src/icons.json"), "utf8"));
  const symbols = names.map((name) => {
    const [style, icon] = name.includes("/") ? name.split("/") : ["outline", name];
    const file = join(here, "node_modules/@tabler/icons/icons", style, `${icon}.svg`);
    if (!existsSync(file)) throw new Error(`src/icons.json: @tabler/icons has no icon "${name}"`);
    const body = readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    const paint = style === "filled" ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
    return `<symbol id="${icon}" viewBox="0 0 24 24" ${paint}>${body.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
}

/** The licence texts of the packages whose files are in the bundle, or in the sprite. */
function licences(inputs) {
  const found = Object.keys(inputs).map((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]);
  const packages = [...new Set([...found.filter(Boolean), "@tabler/icons"])].sort();
  return packages.map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((f) => /^licen[sc]e/i.test(f));
    return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ""}\n`;
  }).join(`\n${"-".repeat(80)}\n\n`);
}

/** Writes what esbuild does not, then puts the finished folder in the place of the old one. */
function finish({ metafile }) {
  const manifest = {};
  for (const [output, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint) manifest[basename(entryPoint).replace(/\.ts$/, ".js")] = relative(building, join(here, output));
  }
  const icons = sprite();
  manifest["icons.svg"] = `icons-${createHash("sha256").update(icons).digest("hex").slice(0, 8).toUpperCase()}.svg`;
  writeFileSync(join(building, manifest["icons.svg"]), icons);
  writeFileSync(join(building, "LICENSES.txt"), licences(metafile.inputs));
  writeFileSync(join(building, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  rmSync(target, { recursive: true, force: true });
  renameSync(building, target);
}

const whenDone = {
  name: "finish",
  setup(build) {
    build.onStart(() => {
      rmSync(building, { recursive: true, force: true });
      mkdirSync(building, { recursive: true });
    });
    build.onEnd((result) => result.errors.length || finish(result));
  },
};

if (process.argv.includes("--watch")) {
  await (await esbuild.context({ ...options, plugins: [whenDone] })).watch();
} else {
  await esbuild.build({ ...options, plugins: [whenDone] });
}
