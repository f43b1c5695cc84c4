/* Bundles editor.mjs into one classic script beside the book's own, with the licences of all that
   is in it. The head of the script names the hash of what it was made from; a test compares. */
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const FRONT = new URL("../../launchlab/publish/front/", import.meta.url);
const SOURCES = ["editor.mjs", "build.mjs", "package-lock.json"];
const here = (name) => new URL(name, import.meta.url);

const hash = createHash("sha256");
for (const name of SOURCES) hash.update(readFileSync(here(name)));
const { outputFiles, metafile } = await build({
  entryPoints: [here("editor.mjs").pathname],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  write: false,
});
const head = "/* CodeMirror 6 and its Python grammar; licences in editor-LICENSES.txt.\n" +
  "   Made by `npm ci && npm run build` in tools/editor: do not edit.\n" +
  `   sources: ${hash.digest("hex")} */\n`;
writeFileSync(new URL("editor.js", FRONT), head + outputFiles[0].text);

const bundled = new Set();
for (const path of Object.keys(metafile.inputs)) {
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (found) bundled.add(found[1]);
}
const licences = [...bundled].sort().map((name) => {
  const folder = here(`node_modules/${name}/`);
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} has no licence file`);
  const { version, license } = JSON.parse(readFileSync(new URL("package.json", folder)));
  const text = readFileSync(new URL(file, folder), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
});
writeFileSync(new URL("editor-LICENSES.txt", FRONT), licences.join(`\n${"-".repeat(72)}\n\n`));
