// Makes what the console serves from scss/ and the packages in the lock. Same sources, same bytes.
// Run it with `make styles`; what it writes is committed, so that nobody needs Node to run the platform.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const out = join(here, "../src/betterwork/foundation/console/static/console");

// Family, package, the subsets it is taken for, the weights, the name the stylesheet knows it by.
const FONTS = [
  // Overpass sits high on its line; these two let capitals stand in the middle of it.
  ["overpass", ["latin-ext", "vietnamese", "latin"], [700], "Overpass", "ascent-override:98%;descent-override:28%;"],
  ["noto-sans", ["latin-ext", "vietnamese", "latin"], [400, 600], "Noto Sans"],
  ["noto-sans-arabic", ["arabic"], [400, 600], "Noto Sans Arabic"],
  ["noto-sans-khmer", ["khmer"], [400, 600], "Noto Sans Khmer"],
  ["noto-sans-bengali", ["bengali"], [400, 600], "Noto Sans Bengali"],
];

// The icons in use. An icon only where it stands for a word that has no room.
const ICONS = {
  menu: "burger",
  search: "search",
  language: "global",
  close: "close",
  next: "arrowright",
  previous: "arrowleft",
  warning: "warning",
  error: "error",
  success: "success",
  info: "info",
};

function json(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** sha256 over the name and content of each source, in the order of names. test_styles.py computes the same. */
function digestOfSources() {
  const names = ["build.mjs", "package.json", "package-lock.json"];
  for (const name of readdirSync(join(here, "scss"))) names.push(`scss/${name}`);
  const digest = createHash("sha256");
  for (const name of names.sort()) digest.update(`${name}\n`).update(readFileSync(join(here, name))).update("\n");
  return digest.digest("hex");
}

/** The font files to copy, and the @font-face rules for them. */
function fonts() {
  const files = [];
  const rules = [];
  for (const [name, subsets, weights, family, metrics = ""] of FONTS) {
    const pack = join(modules, "@fontsource", name);
    const ranges = json(join(pack, "unicode.json"));
    for (const weight of weights) {
      for (const subset of subsets) {
        const file = `${name}-${subset}-${weight}-normal.woff2`;
        files.push([join(pack, "files", file), file]);
        rules.push(
          `@font-face{font-family:"${family}";font-style:normal;font-weight:${weight};font-display:swap;` +
            `src:url("fonts/${file}") format("woff2");${metrics}unicode-range:${ranges[subset]}}`,
        );
      }
    }
  }
  return { files, rules: rules.join("\n") };
}

/** One file with a symbol for each icon. */
function sprite() {
  const symbols = Object.entries(ICONS).map(([name, source]) => {
    const svg = readFileSync(join(modules, "@ilo-org/icons/svg", `${source}.svg`), "utf8");
    const [, attributes, inside] = svg.match(/<svg([^>]*)>([\s\S]*)<\/svg>/);
    const box = attributes.match(/viewBox="([^"]+)"/)?.[1] ?? "0 0 16 16";
    return `<symbol id="${name}" viewBox="${box}" fill="none">${inside.trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

/** Sides become start and end, so that one stylesheet serves both directions of writing. */
function logical(css) {
  return css
    .replace(/(margin|padding)-left(?=:)/g, "$1-inline-start")
    .replace(/(margin|padding)-right(?=:)/g, "$1-inline-end")
    .replace(/border-left(?=[-:])/g, "border-inline-start")
    .replace(/border-right(?=[-:])/g, "border-inline-end")
    .replace(/border-top-left-radius/g, "border-start-start-radius")
    .replace(/border-top-right-radius/g, "border-start-end-radius")
    .replace(/border-bottom-left-radius/g, "border-end-start-radius")
    .replace(/border-bottom-right-radius/g, "border-end-end-radius")
    .replace(/text-align:left/g, "text-align:start")
    .replace(/text-align:right/g, "text-align:end")
    .replace(/clear:left/g, "clear:inline-start")
    .replace(/clear:right/g, "clear:inline-end")
    .replace(/float:left/g, "float:inline-start")
    .replace(/float:right/g, "float:inline-end")
    .replace(/([;{])left:/g, "$1inset-inline-start:")
    .replace(/([;{])right:/g, "$1inset-inline-end:");
}

function styles(digest, faces) {
  const { css } = sass.compile(join(here, "scss/console.scss"), {
    loadPaths: [modules],
    style: "compressed",
    charset: false,
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  return `/*! Made from ${digest} by frontend/build.mjs: do not edit. Holds parts of Bootstrap (MIT). */\n${faces}\n${logical(css)}\n`;
}

function provenance() {
  const rows = Object.keys(json(join(here, "package.json")).devDependencies).map((name) => {
    const { version, license } = json(join(modules, name, "package.json"));
    return `| \`${name}\` | ${version} | ${license} | ${USED_FOR(name)} |`;
  });
  return `# What the console serves, and where it comes from

Every file here is made by \`make styles\` (\`frontend/build.mjs\`). Do not edit them: edit \`frontend/scss/\` and make them
again. \`made-from.txt\` says which sources they were made from; a test compares it with the sources of today.

| package (npm) | version | licence | used for |
|---|---|---|---|
${rows.join("\n")}

- \`console.css\`: Bootstrap's chosen parts and our own, with sides turned into start and end, so that one file serves left
  to right and right to left.
- \`fonts/\`: subset files as the packages hold them, unchanged. A browser loads the ones whose characters a page uses.
- \`icons.svg\`: the few icons used, unchanged but for being put into one file.
- \`mark.svg\`: the icon of the tab: a square in the programme's dark blue, drawn for this project.
- \`licences/\`: the licences of what is included here.

htmx is not here: it comes with the Python package django-htmx and is served from there.
`;
}

function USED_FOR(name) {
  if (name.startsWith("@fontsource")) return "`fonts/`";
  if (name === "@ilo-org/icons") return "`icons.svg`";
  if (name === "@ilo-org/themes") return "colours and measures in `console.css`";
  if (name === "bootstrap") return "parts of `console.css`";
  return "making `console.css`; nothing of it is served";
}

const MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="2" fill="#230050"/>' +
  '<path d="M8 8h8.2c3.4 0 5.4 1.6 5.4 4.2 0 1.7-.9 2.9-2.4 3.5 2 .5 3.2 1.9 3.2 4 0 2.8-2.2 4.5-5.8 4.500H8zm4 6.600h3.500c1.300 0 2-.6 2-1.700s-.7-1.600-2-1.600H12zm0 6.300h3.900c1.500 0 2.300-.6 2.300-1.800s-.8-1.800-2.300-1.800H12z" fill="#fff"/></svg>\n';

// Everything is made before anything is replaced, so that a mistake leaves the old files standing.
const digest = digestOfSources();
const { files, rules } = fonts();
const css = styles(digest, rules);
const made = [
  ["console.css", css],
  ["icons.svg", sprite()],
  ["mark.svg", MARK],
  ["README.md", provenance()],
  ["made-from.txt", `${digest}\n`],
];
rmSync(out, { recursive: true, force: true });
for (const folder of ["fonts", "licences"]) mkdirSync(join(out, folder), { recursive: true });
for (const [name, text] of made) writeFileSync(join(out, name), text);
for (const [from, file] of files) cpSync(from, join(out, "fonts", file));
for (const pack of ["bootstrap", "@ilo-org/themes", "@ilo-org/icons", ...FONTS.map(([name]) => `@fontsource/${name}`)]) {
  cpSync(join(modules, pack, "LICENSE"), join(out, "licences", `${pack.replace("@", "").replace("/", "-")}.txt`));
}
console.log(`console.css: ${css.length} bytes, ${gzipSync(css, { level: 9 }).length} compressed`);
