// Unpacks the browser that comes compressed in a package, with its libraries and one font.
import { chmodSync, createReadStream, createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { extract } from "tar-fs";

const packed = new URL("node_modules/@sparticuz/chromium/bin/", import.meta.url);
const place = new URL("node_modules/.browser/", import.meta.url);
const unpacked = (name, target) =>
  pipeline(createReadStream(new URL(name, packed)), createBrotliDecompress(), target);

mkdirSync(place, { recursive: true });
const chromium = new URL("chromium", place);
await unpacked("chromium.br", createWriteStream(chromium));
chmodSync(chromium, 0o755);
await unpacked("al2023.tar.br", extract(place.pathname));
await unpacked("fonts.tar.br", extract(place.pathname));
// The machine's own fonts stay out of it: a picture is the same wherever it is drawn.
writeFileSync(
  new URL("fonts.conf", place),
  `<?xml version="1.0"?><fontconfig><dir>${place.pathname}fonts</dir><cachedir>${place.pathname}cache</cachedir></fontconfig>`,
);
