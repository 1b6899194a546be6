// The view of documents with what went from them. Whatever comes from a document becomes text, never markup.

const PAGE = 50;
const RULES = 30;
const LONG = 400000;
const CHANGES = { new: "goes now", old: "stays now" };
const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");
const many = (count, what) => `${number(count)} ${what}${count === 1 ? "" : "s"}`;

function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const state = {
  data: { documents: [], rules: [], categories: {} },
  at: 0, // the document that is shown
  chosen: -1, // the piece of it that is chosen
  view: "marked",
  page: 0,
  allRules: false,
  whole: new Set(), // long documents that are shown as a whole
  only: { categories: new Set(), rules: new Set(), changes: new Set() },
  wrong: new Map(), // documents, and the pieces of them that are marked as wrong
};
const hues = new Map();
const listeners = []; // called when marks of "wrong" change

function isGone(piece) {
  return typeof piece !== "string";
}

function fits(piece) {
  const rule = state.data.rules[piece[1]];
  const { categories, rules, changes } = state.only;
  return (
    (!categories.size || categories.has(rule.category)) &&
    (!rules.size || rules.has(piece[1])) &&
    (!changes.size || changes.has(piece[3] || "both"))
  );
}

function filtered() {
  return state.only.categories.size + state.only.rules.size + state.only.changes.size > 0;
}

function wanted(doc) {
  return doc.pieces.reduce((count, piece) => count + (isGone(piece) && fits(piece) ? 1 : 0), 0);
}

function show(data) {
  state.data = data;
  state.at = 0;
  state.chosen = -1;
  hues.clear();
  for (const [name, about] of Object.entries(data.categories)) hues.set(name, about.hue);
  refresh();
}

function refresh() {
  count();
  list();
  draw();
}

// Counts and lists

function count() {
  const { documents, rules } = state.data;
  const byRule = new Map(), byCategory = new Map(), byChange = new Map();
  let removals = 0, gone = 0, all = 0;
  const add = (map, key) => map.set(key, (map.get(key) || 0) + 1);
  for (const doc of documents) {
    for (const piece of doc.pieces) {
      if (!isGone(piece)) {
        all += piece.length;
        continue;
      }
      removals += 1;
      gone += piece[3] === "old" ? 0 : piece[0].length;
      all += piece[0].length;
      add(byRule, piece[1]);
      add(byCategory, rules[piece[1]].category);
      add(byChange, piece[3] || "both");
    }
  }
  const share = all ? Math.round((100 * gone) / all) : 0;
  byId("totals").textContent = `${many(documents.length, "document")}, ${many(removals, "removal")}, ${share}% of the characters`;
  byId("change-box").hidden = !state.data.compared;
  if (state.data.compared) {
    const names = { new: "goes now, stayed before", old: "stays now, went before", both: "goes in both" };
    const found = Object.keys(names).map((key) => [key, byChange.get(key) || 0]);
    byId("changes").replaceChildren(...bars(found, state.only.changes, (key) => names[key], () => undefined));
  }
  const sorted = (map) => [...map].sort((one, other) => other[1] - one[1] || (name(one[0]) < name(other[0]) ? -1 : 1));
  const name = (key) => (typeof key === "number" ? rules[key].id : key);
  byId("categories").replaceChildren(...bars(sorted(byCategory), state.only.categories, name, (key) => hues.get(key)));
  const query = byId("rule-query").value.trim().toLowerCase();
  const found = sorted(byRule).filter(([key]) => rules[key].id.toLowerCase().includes(query));
  const shown = state.allRules ? found : found.slice(0, RULES);
  byId("rules").replaceChildren(...bars(shown, state.only.rules, name, (key) => hues.get(rules[key].category)));
  byId("more-rules").hidden = shown.length === found.length;
  byId("more-rules").textContent = `Show all ${number(found.length)} rules`;
  byId("clear").hidden = !filtered() && !byId("query").value;
}

function bars(rows, only, name, hue) {
  const most = Math.max(1, ...rows.map((row) => row[1]));
  return rows.map(([key, value]) => {
    const bar = make("span");
    bar.style.width = `${(100 * value) / most}%`;
    const row = make(
      "button",
      { type: "button", className: "row", "aria-pressed": String(only.has(key)), title: tip(key) },
      make("span", { className: "swatch", "aria-hidden": "true" }),
      make("span", { className: "label" }, name(key)),
      make("span", { className: "bar", "aria-hidden": "true" }, bar),
      make("span", { className: "count" }, number(value)),
    );
    row.dataset.key = key;
    if (hue(key) === undefined) row.classList.add("grey");
    else row.style.setProperty("--hue", hue(key));
    row.addEventListener("click", () => {
      if (!only.delete(key)) only.add(key);
      filter();
      focusRow(row.parentElement, key);
    });
    return row;
  });
}

function tip(key) {
  return typeof key === "number" ? state.data.rules[key].why : (state.data.categories[key] || { what: "" }).what;
}

function focusRow(box, key) {
  box = box || null;
  for (const row of document.querySelectorAll(".row")) {
    if (row.dataset.key === String(key) && (!box || row.parentElement === box)) row.focus();
  }
}

// Every filter leads here: another list of documents, and the first of them unless the one that is shown is among them.
function filter() {
  const boxes = document.activeElement;
  state.page = 0;
  const shown = listed();
  if (!shown.includes(state.at) && shown.length) {
    state.at = shown[0];
    state.chosen = -1;
  }
  if (state.chosen >= 0) {
    const piece = state.data.documents[state.at].pieces[state.chosen];
    if (!fits(piece)) state.chosen = -1;
  }
  refresh();
  if (boxes && boxes.isConnected) boxes.focus();
}

function listed() {
  const query = byId("query").value.trim().toLowerCase();
  const some = filtered();
  const out = [];
  state.data.documents.forEach((doc, at) => {
    if (query && !doc.name.toLowerCase().includes(query)) return;
    if (some && !wanted(doc)) return;
    out.push(at);
  });
  return out;
}

function list() {
  const shown = listed();
  const pages = Math.max(1, Math.ceil(shown.length / PAGE));
  state.page = Math.min(state.page, pages - 1);
  const first = state.page * PAGE;
  const rows = shown.slice(first, first + PAGE).map((at) => {
    const doc = state.data.documents[at];
    const row = make(
      "button",
      { type: "button", className: "row plain" },
      make("bdi", { className: "label" }, doc.name),
      make("span", { className: "count" }, number(wanted(doc))),
    );
    row.dataset.at = at;
    if (at === state.at) row.setAttribute("aria-current", "true");
    row.addEventListener("click", () => open(at, -1, true));
    return make("li", {}, row);
  });
  byId("documents").replaceChildren(...rows);
  byId("documents-box").hidden = state.data.documents.length < 2;
  byId("documents-head").textContent = filtered() || byId("query").value
    ? `Documents: ${number(shown.length)} of ${number(state.data.documents.length)}`
    : `Documents: ${number(state.data.documents.length)}`;
  byId("page-at").textContent = shown.length ? `${number(first + 1)}–${number(Math.min(first + PAGE, shown.length))}` : "none";
  byId("page-back").disabled = state.page === 0;
  byId("page-on").disabled = state.page >= pages - 1;
  for (const id of ["page-back", "page-on"]) byId(id).hidden = pages === 1;
  byId("page-at").hidden = pages === 1 && shown.length > 0;
}

function open(at, chosen, focus) {
  state.at = at;
  state.chosen = chosen;
  const place = listed().indexOf(at);
  if (place >= 0) state.page = Math.floor(place / PAGE);
  list();
  draw();
  if (chosen < 0) {
    const top = document.querySelector(".bar-top").getBoundingClientRect().top;
    if (top <= 0) window.scrollTo(0, window.scrollY + document.querySelector("main").getBoundingClientRect().top);
    if (focus && window.matchMedia("(max-width: 62rem)").matches) {
      byId("filters").open = false;
      byId("name").focus();
    }
  }
}

// The text

function draw() {
  const doc = state.data.documents[state.at];
  const text = byId("text");
  const none = listed().length === 0;
  byId("empty").hidden = !!doc && !none;
  byId("empty").textContent = doc ? "No document has what the filters ask for." : "There is no document.";
  byId("name").replaceChildren(make("bdi", {}, doc ? doc.name : ""));
  text.replaceChildren();
  if (doc && !none) text.append(...parts(doc));
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === state.view));
  }
  explain(state.chosen);
  place();
}

function parts(doc) {
  const out = [];
  let label = "", used = 0;
  const whole = state.whole.has(state.at);
  for (let at = 0; at < doc.pieces.length; at += 1) {
    const piece = doc.pieces[at];
    const gone = isGone(piece);
    if (!whole && used > LONG) {
      const more = make("button", { type: "button" }, "This document is long: show the rest");
      const here = state.at;
      more.addEventListener("click", () => {
        state.whole.add(here);
        draw();
      });
      out.push(more);
      break;
    }
    if (!gone) {
      // A long piece is cut too; the rest comes with the whole.
      out.push(whole ? piece : piece.slice(0, LONG + 1));
      used += piece.length;
      if (piece.trim()) label = "";
    } else if (state.view === "marked") {
      const made = mark(piece, at, label);
      label = made.dataset.group;
      // Line ends that went along stand before the mark, so that the mark and its label begin on their own line.
      out.push(lead(piece[0]), made);
      used += piece[0].length;
    } else if (state.view === "original" || piece[3] === "old") {
      out.push(piece[0]);
      used += piece[0].length;
    }
  }
  return out;
}

function lead(text) {
  return text.trim() ? text.slice(0, text.length - text.trimStart().length) : "";
}

function mark(piece, at, before) {
  const text = piece[0].slice(lead(piece[0]).length);
  const rule = state.data.rules[piece[1]];
  const said = piece[3] ? `${rule.category}, ${CHANGES[piece[3]]}` : rule.category;
  const element = make("mark", { title: `${said}\n${rule.id}: ${rule.why}` });
  element.style.setProperty("--hue", hues.get(rule.category));
  element.dataset.at = at;
  element.dataset.group = said;
  if (piece[3]) element.classList.add(piece[3]);
  if (!fits(piece)) {
    element.classList.add("off");
    element.dataset.group = before;
    element.append(make("span", { className: "sr" }, "removed, filtered out: "), text);
    return element;
  }
  const label = make("span", { "aria-hidden": "true" });
  if (said !== before) label.dataset.label = piece[0].trim() ? said : `${said}: blank lines`;
  element.setAttribute("role", "button");
  element.tabIndex = 0;
  const wrong = isWrong(state.at, at);
  if (wrong) element.classList.add("wrong");
  if (at === state.chosen) element.classList.add("chosen");
  element.append(make("span", { className: "sr" }, `removed, ${said}${wrong ? ", marked as wrong" : ""}: `));
  element.append(label, text);
  return element;
}

// Going from removal to removal

function steps(at) {
  const doc = state.data.documents[at];
  return doc ? doc.pieces.flatMap((piece, place) => (isGone(piece) && fits(piece) ? [place] : [])) : [];
}

function place() {
  const all = steps(state.at);
  const at = all.indexOf(state.chosen);
  byId("place").textContent = at < 0 ? many(all.length, "removal") : `${number(at + 1)} of ${number(all.length)}`;
}

function step(by) {
  const here = steps(state.at);
  const at = here.indexOf(state.chosen);
  const next = at < 0 ? (by > 0 ? 0 : here.length - 1) : at + by;
  if (next >= 0 && next < here.length) {
    choose(here[next], true);
    return;
  }
  const shown = listed();
  for (let index = shown.indexOf(state.at) + by; index >= 0 && index < shown.length; index += by) {
    const there = steps(shown[index]);
    if (there.length) {
      open(shown[index], -1, false);
      choose(by > 0 ? there[0] : there[there.length - 1], true);
      return;
    }
  }
}

function turn(by) {
  const shown = listed();
  const next = shown.indexOf(state.at) + by;
  if (next >= 0 && next < shown.length) open(shown[next], -1, true);
}

function choose(at, move) {
  if (state.view !== "marked") {
    state.view = "marked";
    state.chosen = at;
    draw();
  }
  for (const old of document.querySelectorAll("mark.chosen")) {
    old.classList.remove("chosen");
    old.removeAttribute("aria-describedby");
  }
  state.chosen = at;
  let element = find(at);
  if (!element && at >= 0) {
    state.whole.add(state.at);
    draw();
    element = find(at);
  }
  explain(at);
  place();
  if (element) {
    element.classList.add("chosen");
    element.setAttribute("aria-describedby", "why-text");
    if (move) {
      element.focus({ preventScroll: true });
      element.scrollIntoView({ block: "nearest" });
    }
  }
}

function find(at) {
  return byId("text").querySelector(`mark[data-at="${at}"]`);
}

function explain(at) {
  const doc = state.data.documents[state.at];
  const piece = doc && at >= 0 ? doc.pieces[at] : null;
  byId("why").hidden = !piece;
  if (!piece) return;
  const rule = state.data.rules[piece[1]];
  byId("why-head").style.setProperty("--hue", hues.get(rule.category));
  byId("why-category").textContent = piece[3] ? `${rule.category}, ${CHANGES[piece[3]]}` : rule.category;
  byId("why-rule").textContent = rule.id;
  byId("why-text").textContent = rule.why;
  const line = 1 + (textOf(doc, at).match(/\n/g) || []).length + leadingLines(piece[0]);
  const from = rule.path ? `, ${rule.path}` : "";
  byId("why-more").textContent = `line ${number(line)}, confidence ${piece[2].toFixed(2)}${from}`;
  byId("wrong").setAttribute("aria-pressed", String(isWrong(state.at, at)));
}

function leadingLines(text) {
  return (text.slice(0, text.length - text.trimStart().length).match(/\n/g) || []).length;
}

function textOf(doc, end = doc.pieces.length) {
  return doc.pieces.slice(0, end).map((piece) => (isGone(piece) ? piece[0] : piece)).join("");
}

// What was wrong

function isWrong(doc, at) {
  return state.wrong.has(doc) && state.wrong.get(doc).has(at);
}

function toggleWrong() {
  if (state.chosen < 0) return;
  const marks = state.wrong.get(state.at) || new Set();
  if (!marks.delete(state.chosen)) marks.add(state.chosen);
  if (marks.size) state.wrong.set(state.at, marks);
  else state.wrong.delete(state.at);
  const old = find(state.chosen);
  const piece = state.data.documents[state.at].pieces[state.chosen];
  if (old) {
    const made = mark(piece, state.chosen, old.querySelector("[data-label]") ? "" : old.dataset.group);
    const focused = document.activeElement === old;
    old.replaceWith(made);
    if (focused) made.focus({ preventScroll: true });
  }
  explain(state.chosen);
  for (const listener of listeners) listener();
}

// Events

function start() {
  byId("query").addEventListener("input", filter);
  byId("rule-query").addEventListener("input", count);
  byId("more-rules").addEventListener("click", () => {
    state.allRules = true;
    count();
  });
  byId("clear").addEventListener("click", () => {
    for (const set of Object.values(state.only)) set.clear();
    byId("query").value = "";
    filter();
    byId("filters").querySelector("summary").focus();
  });
  byId("page-back").addEventListener("click", () => { state.page -= 1; list(); });
  byId("page-on").addEventListener("click", () => { state.page += 1; list(); });
  byId("back").addEventListener("click", () => step(-1));
  byId("on").addEventListener("click", () => step(1));
  byId("close").addEventListener("click", letGo);
  byId("wrong").addEventListener("click", toggleWrong);
  byId("only").addEventListener("click", () => {
    for (const set of Object.values(state.only)) set.clear();
    state.only.rules.add(state.data.documents[state.at].pieces[state.chosen][1]);
    filter();
  });
  for (const button of document.querySelectorAll("[data-view]")) {
    button.addEventListener("click", () => look(button.dataset.view));
  }
  const text = byId("text");
  text.addEventListener("click", (event) => {
    const element = event.target.closest("mark");
    if (element && !element.classList.contains("off")) choose(Number(element.dataset.at), false);
  });
  text.addEventListener("keydown", (event) => {
    const element = event.target.closest("mark");
    if (element && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      choose(Number(element.dataset.at), false);
    }
  });
  text.addEventListener("mouseover", (event) => {
    const element = event.target.closest("mark");
    if (state.chosen < 0 && element && !element.classList.contains("off")) explain(Number(element.dataset.at));
  });
  text.addEventListener("mouseleave", () => { if (state.chosen < 0) explain(-1); });
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  byId("help-close").addEventListener("click", () => byId("help").close());
  document.addEventListener("keydown", keys);
  byId("filters").open = window.matchMedia("(min-width: 62rem)").matches;
}

function look(view) {
  state.view = view;
  draw();
}

function letGo() {
  const element = find(state.chosen);
  choose(-1, false);
  if (element) element.focus({ preventScroll: true });
}

function keys(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape" && state.chosen >= 0 && !typing) {
    letGo();
    return;
  }
  if (typing || !byId("keys").checked) return;
  const acts = {
    n: () => step(1), j: () => step(1), p: () => step(-1), k: () => step(-1),
    "]": () => turn(1), "[": () => turn(-1),
    1: () => look("marked"), 2: () => look("clean"), 3: () => look("original"),
    w: toggleWrong,
    "/": () => { byId("filters").open = true; byId("query").focus(); },
    "?": () => byId("help").showModal(),
  };
  if (Object.hasOwn(acts, event.key)) {
    event.preventDefault();
    acts[event.key]();
  }
}
