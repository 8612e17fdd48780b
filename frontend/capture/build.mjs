// Makes the capture app from src/ and the packages in the lock. Same sources, same bytes.
// Run it with `make capture`; what it writes is committed, so that nobody needs Node to run the platform.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";
import { build } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const out = join(here, "../../src/betterwork/modules/capture/static/capture");
const CORE = "../../src/betterwork/core/capture/data";
const SHARED = [`${CORE}/causes.csv`, `${CORE}/fields.json`]; // what both sides read
const LIMIT = 120_000; // bytes of code and styles, compressed
const SERVED = ["dexie", "preact"]; // packages of which parts reach the browser; the others only build

/** Names of all files under a folder, from here. */
function under(folder) {
  return readdirSync(join(here, folder), { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? under(`${folder}/${one.name}`) : [`${folder}/${one.name}`],
  );
}

/** sha256 over the name and content of each source, in the order of names. test_made.py computes the same. */
function digestOfSources() {
  const names = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json", "../scss/_tokens.scss"];
  names.push(...under("src"), ...SHARED);
  const digest = createHash("sha256");
  for (const name of names.sort()) digest.update(`${name}\n`).update(readFileSync(join(here, name))).update("\n");
  return digest.digest("hex");
}

/** One bundle: the files it consists of, by name. */
async function bundle(input, format, names) {
  const made = await build({
    root: here,
    configFile: false,
    logLevel: "warn",
    resolve: { alias: { "@core": join(here, CORE) } },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      write: false,
      target: "es2022",
      minify: true,
      modulePreload: false,
      cssCodeSplit: false,
      rollupOptions: { input, preserveEntrySignatures: "exports-only", output: { format, ...names } },
    },
  });
  const { output } = Array.isArray(made) ? made[0] : made;
  const known = new Set(SHARED.map((name) => join(here, name)));
  for (const file of output.flatMap((one) => one.moduleIds ?? [])) {
    const path = file.replace(/^\0/, "").split("?")[0];
    const ours = path.startsWith(join(here, "src/")) || path.startsWith(modules) || known.has(path);
    if (path.startsWith("/") && !ours) throw new Error(`${path} is not among the sources that the digest covers`);
  }
  return new Map(output.map((one) => [one.fileName, one]));
}

function styles() {
  const { css } = sass.compile(join(here, "src/styles/capture.scss"), {
    loadPaths: [modules],
    style: "compressed",
    charset: false,
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  const hash = createHash("sha256").update(css).digest("hex").slice(0, 8);
  return [`app-${hash}.css`, `${css}\n`];
}

function json(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

function provenance(sizes) {
  const rows = Object.keys(json(join(here, "package.json")).devDependencies).map((name) => {
    const { version, license } = json(join(modules, name, "package.json"));
    return `| \`${name}\` | ${version} | ${license} | ${usedFor(name)} |`;
  });
  return `# What the capture app is made of, and where it comes from

Every file here is made by \`make capture\` (\`frontend/capture/build.mjs\`). Do not edit them: edit \`frontend/capture/src/\` and
make them again. \`made-from.txt\` says which sources they were made from; a test compares it with the sources of today.

| package (npm) | version | licence | used for |
|---|---|---|---|
${rows.join("\n")}

- \`assets.json\`: which file is what. Names hold a digest of the content, so that two versions never mix.
- \`engine-….js\`: what keeps, protects and sends (holds Dexie). \`app-….js\`: what is seen (holds Preact).
- \`service-worker.js\`: served by the platform at \`/capture/service-worker.js\`, where its scope is the app alone.
- \`licences/\`: the licences of what is included here. Fonts and icons are the console's.

| file | bytes | compressed |
|---|---|---|
${sizes.map(([name, plain, small]) => `| \`${name}\` | ${plain} | ${small} |`).join("\n")}
`;
}

function usedFor(name) {
  if (name === "dexie") return "parts of `engine-….js`";
  if (name === "preact") return "parts of `app-….js`";
  if (name === "@ilo-org/themes") return "colours and measures in `app-….css`";
  return "making the files; nothing of it is served";
}

// Everything is made before anything is replaced, so that a mistake leaves the old files standing.
const digest = digestOfSources();
const page = await bundle({ app: join(here, "src/main.ts"), engine: join(here, "src/engine/entry.ts") }, "es", {
  entryFileNames: "[name]-[hash].js",
  chunkFileNames: "[name]-[hash].js",
});
const worker = await bundle(join(here, "src/worker/service-worker.ts"), "iife", { entryFileNames: "service-worker.js" });
const [sheet, css] = styles();
const made = new Map([[sheet, css]]);
for (const [name, one] of [...page, ...worker]) made.set(name, one.code ?? one.source);
const entry = (name) => [...page.values()].find((one) => one.isEntry && one.name === name).fileName;
const modulesOfPage = [...page.keys()].sort();
const assets = { digest, script: entry("app"), engine: entry("engine"), style: sheet, modules: modulesOfPage };
const sizes = [...made].map(([name, text]) => [name, Buffer.byteLength(text), gzipSync(text, { level: 9 }).length]).sort();
const total = sizes.reduce((sum, [, , small]) => sum + small, 0);
if (total > LIMIT) throw new Error(`code and styles are ${total} bytes compressed; ${LIMIT} is the limit`);
made.set("assets.json", `${JSON.stringify(assets, null, 2)}\n`);
made.set("README.md", provenance(sizes));
made.set("made-from.txt", `${digest}\n`);
rmSync(out, { recursive: true, force: true });
mkdirSync(join(out, "licences"), { recursive: true });
for (const [name, text] of made) writeFileSync(join(out, name), text);
for (const name of [...SERVED, "@ilo-org/themes"]) {
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"].find((one) => statSync(join(modules, name, one), { throwIfNoEntry: false }));
  cpSync(join(modules, name, file), join(out, "licences", `${name.replace("@", "").replace("/", "-")}.txt`));
}
for (const [name, plain, small] of sizes) console.log(`${name}: ${plain} bytes, ${small} compressed`);
console.log(`together ${total} bytes compressed`);
