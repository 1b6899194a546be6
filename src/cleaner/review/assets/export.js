// What was marked as wrong, to take away: cases for the corpus as a zip file, near misses for the rules as TOML.

const ENDS = /\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/g;

// What should have come out of a document: its clean text with some removals kept, and gaps closed as cleaning closes them.
function expected(doc, wrong) {
  const bridged = rebuilt(doc, wrong);
  const plain = doc.pieces.map((piece, at) => (stays(piece, at, wrong) ? (isGone(piece) ? piece[0] : piece) : "")).join("");
  const clean = doc.pieces.map((piece, at) => (stays(piece, at, new Set()) ? (isGone(piece) ? piece[0] : piece) : "")).join("");
  // Where closing gaps here doesn't give what cleaning gave, the pieces are joined as they are.
  return rebuilt(doc, new Set()) === clean ? bridged : plain;
}

function stays(piece, at, wrong) {
  return !isGone(piece) || piece[3] === "old" || wrong.has(at);
}

function rebuilt(doc, wrong) {
  const text = textOf(doc);
  const gone = [];
  let start = 0;
  doc.pieces.forEach((piece, at) => {
    const length = (isGone(piece) ? piece[0] : piece).length;
    if (!stays(piece, at, wrong)) gone.push([start, start + length]);
    start += length;
  });
  if (!gone.length) return text;
  let out = "", last = null, firstGone = null, lastGone = null, next = 0;
  for (const [from, to] of lines(text)) {
    while (next < gone.length && gone[next][1] <= from) next += 1;
    let left = "", at = from;
    for (let index = next; index < gone.length && gone[index][0] < to; index += 1) {
      if (gone[index][0] > at) left += text.slice(at, gone[index][0]);
      at = Math.max(at, Math.min(to, gone[index][1]));
    }
    left += text.slice(at, to);
    if (!left.trim()) {
      firstGone = firstGone === null ? from : firstGone;
      lastGone = to;
      continue;
    }
    if (last !== null) {
      const lead = text.slice(last, firstGone === null ? from : firstGone);
      const trail = firstGone === null ? "" : text.slice(lastGone, from);
      out += ends(trail) > ends(lead) ? trail : lead;
    } else if (text[0] === "\ufeff") {
      out += "\ufeff";
    }
    out += left;
    last = to;
    firstGone = lastGone = null;
  }
  if (last === null) return text[0] === "\ufeff" ? "\ufeff" : "";
  const rest = text.slice(last);
  ENDS.lastIndex = 0;
  const end = ENDS.exec(rest);
  return out + (end ? rest.slice(0, end.index + end[0].length) : "");
}

function ends(gap) {
  const found = gap.match(ENDS) || [];
  return found.length + (gap && !/[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]$/.test(gap) ? 1 : 0);
}

// Spans of lines that have something on them, without their ends.
function lines(text) {
  const out = [];
  let start = text[0] === "\ufeff" ? 1 : 0;
  const add = (end) => { if (text.slice(start, end).trim()) out.push([start, end]); };
  for (const found of text.matchAll(ENDS)) {
    if (found.index >= start) add(found.index);
    start = found.index + found[0].length;
  }
  add(text.length);
  return out;
}

// A string of TOML on one line.
function toml(text) {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0);
    if (char === '"' || char === "\\") out += `\\${char}`;
    else if (char === "\n") out += "\\n";
    else if (char === "\t") out += "\\t";
    else if (code >= 0xd800 && code <= 0xdfff) out += "\ufffd";
    else if (code < 32 || (code >= 127 && code < 160)) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += char;
  }
  return `${out}"`;
}

// The lines that a removal stands in; with a neighbour on each side where its rule asks for surroundings.
function nearMiss(doc, at) {
  const text = textOf(doc);
  const start = textOf(doc, at).length;
  const end = start + doc.pieces[at][0].length;
  const all = lines(text);
  let first = all.findIndex((line) => line[1] > start);
  let last = all.length - 1 - [...all].reverse().findIndex((line) => line[0] < end);
  if (first < 0) return "";
  if (state.data.rules[doc.pieces[at][1]].context) {
    first = Math.max(0, first - 1);
    last = Math.min(all.length - 1, last + 1);
  }
  return text.slice(all[first][0], all[Math.max(first, last)][1]).replace(/\r\n/g, "\n").trim();
}

function keepsLines() {
  const byRule = new Map();
  for (const [at, marks] of [...state.wrong].sort((one, other) => one[0] - other[0])) {
    const doc = state.data.documents[at];
    for (const piece of [...marks].sort((one, other) => one - other)) {
      const rule = state.data.rules[doc.pieces[piece][1]];
      const found = byRule.get(rule) || new Set();
      const text = nearMiss(doc, piece);
      if (text) found.add(text);
      byRule.set(rule, found);
    }
  }
  return [...byRule]
    .map(([rule, found]) => `# ${rule.id}${rule.path ? `, in ${rule.path}` : ""}\nkeeps = [\n${[...found].map((text) => `    ${toml(text)},\n`).join("")}]\n`)
    .join("\n");
}

function slug(name, used) {
  const parts = name.split(/[\\/]/).filter(Boolean);
  let base = (parts.pop() || "").replace(/\.\w{1,6}$/, "");
  if (/^(source|index|text)$/i.test(base) && parts.length) base = parts.pop();
  base = base.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 48) || "document";
  let made = base;
  for (let index = 2; used.has(made); index += 1) made = `${base}-${index}`;
  used.add(made);
  return made;
}

function casesFiles() {
  const used = new Set();
  const asked = byId("language").value.trim().toLowerCase();
  const files = [];
  for (const [at, marks] of [...state.wrong].sort((one, other) => one[0] - other[0])) {
    const doc = state.data.documents[at];
    const source = textOf(doc), wanted = expected(doc, marks);
    const language = /^[a-z]{2,3}$/.test(asked) ? asked : doc.language;
    const folder = `corpus/${language}/${slug(doc.name, used)}`;
    const gone = new Set(), wrong = new Set();
    doc.pieces.forEach((piece, place) => {
      if (!isGone(piece)) return;
      const rule = state.data.rules[piece[1]];
      if (stays(piece, place, marks)) wrong.add(rule.id);
      else gone.add(rule.category);
    });
    const negative = source === wanted;
    const categories = [...(negative ? [] : gone)].filter((name) => name !== "whitespace").sort();
    const note = `what ${[...wrong].sort().join(", ")} removed here is article text`;
    const about =
      `group = "${negative ? "negative" : "wild"}"\nlanguage = ${toml(language)}\n` +
      `categories = [${categories.map(toml).join(", ")}]\nnote = ${toml(note)}\n`;
    files.push([`${folder}/source.txt`, source], [`${folder}/expected.txt`, wanted], [`${folder}/case.toml`, about]);
  }
  return files;
}

const CRC = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

// A zip file that packs nothing: small, and any tool opens it.
function zip(files) {
  const encoder = new TextEncoder();
  const chunks = [], entries = [];
  let offset = 0;
  for (const [name, text] of files) {
    const path = encoder.encode(name), data = encoder.encode(text);
    let crc = 0xffffffff;
    for (const byte of data) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
    crc = (crc ^ 0xffffffff) >>> 0;
    // Version, UTF-8 names, stored, the first of January 1980.
    const common = [[20, 2], [0x800, 2], [0, 2], [0, 2], [33, 2], [crc, 4], [data.length, 4], [data.length, 4], [path.length, 2], [0, 2]];
    const local = bytes([[0x04034b50, 4], ...common]);
    chunks.push(local, path, data);
    entries.push(bytes([[0x02014b50, 4], [20, 2], ...common, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]), path);
    offset += local.length + path.length + data.length;
  }
  const size = entries.reduce((sum, entry) => sum + entry.length, 0);
  const end = bytes([[0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [size, 4], [offset, 4], [0, 2]]);
  return new Blob([...chunks, ...entries, end], { type: "application/zip" });
}

function bytes(fields) {
  const out = [];
  for (const [value, length] of fields) {
    for (let index = 0; index < length; index += 1) out.push(Math.floor(value / 256 ** index) % 256);
  }
  return Uint8Array.from(out);
}

function download(name, blob) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function marksChanged() {
  const all = [...state.wrong.values()].reduce((sum, marks) => sum + marks.size, 0);
  byId("wrong-count").textContent = number(all);
  byId("wrong-none").hidden = all > 0;
  byId("wrong-some").hidden = all === 0;
  byId("keeps").value = keepsLines();
}

function startExport() {
  listeners.push(marksChanged);
  byId("cases").addEventListener("click", () => download("cases.zip", zip(casesFiles())));
  byId("unmark").addEventListener("click", () => {
    state.wrong.clear();
    marksChanged();
    for (const listener of listeners) if (listener !== marksChanged) listener();
    draw();
    byId("export").querySelector("summary").focus();
  });
  byId("copy").addEventListener("click", async () => {
    byId("keeps").select();
    try {
      await navigator.clipboard.writeText(byId("keeps").value);
      byId("copied").textContent = "Copied.";
    } catch {
      byId("copied").textContent = "Selected; copy it with your keys.";
    }
  });
}
