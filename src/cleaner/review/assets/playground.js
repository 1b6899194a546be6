// The playground: sends text and settings to the server it came from, and shows what comes back.

const given = JSON.parse(byId("data").textContent);
const off = new Set(given.disable);
let asked = 0, timer = 0, loaded = given.rules;

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Cleaner-Token": given.token },
    body: JSON.stringify(body),
  });
  return answer.json();
}

function kept() {
  return [...document.querySelectorAll("#goes-list input")].filter((box) => !box.checked).map((box) => box.value);
}

function settings() {
  return {
    text: byId("source").value,
    kind: byId("kind").value,
    mode: byId("mode").value,
    keep: kept(),
    disable: [...off],
    rules: byId("own-rules").value,
  };
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(clean, 250);
}

async function clean() {
  clearTimeout(timer);
  asked += 1;
  const turnNumber = asked;
  sayCounts();
  byId("state").textContent = "Cleaning …";
  let answer;
  try {
    answer = await post("/clean", settings());
  } catch {
    answer = { error: "The playground doesn't answer; is it still running?" };
  }
  if (turnNumber !== asked) return;
  byId("problem").textContent = answer.error || "";
  byId("state").textContent = answer.error ? "" : `Cleaned in ${number(answer.milliseconds)} ms`;
  if (!answer.error) {
    state.only.rules.clear();
    state.wrong.clear();
    show(answer.view);
    marksChanged();
  }
  document.documentElement.dataset.shown = String(turnNumber);
}

function sayCounts() {
  const all = document.querySelectorAll("#goes-list input").length;
  const stay = kept().length;
  byId("goes-count").textContent = stay ? `${all - stay} of ${all}` : "all";
  byId("off-count").textContent = number(off.size);
  const own = (byId("own-rules").value.match(/^\s*\[\[(?:rule|keep)\]\]/gm) || []).length;
  byId("own-count").textContent = own ? number(own) : byId("own-rules").value.trim() ? "settings" : "none";
}

function listOff() {
  byId("off-list").replaceChildren(
    ...[...off].sort().map((identity) => {
      const button = make("button", { type: "button" }, `Switch on again: ${identity}`);
      button.addEventListener("click", () => {
        off.delete(identity);
        listOff();
        byId("off").querySelector("summary").focus();
        clean();
      });
      return make("p", {}, button);
    }),
  );
}

function chosenRule() {
  return state.data.rules[state.data.documents[state.at].pieces[state.chosen][1]].id;
}

async function edit() {
  const identity = chosenRule();
  const answer = await post("/rule", { id: identity });
  if (answer.error) {
    byId("problem").textContent = answer.error;
    return;
  }
  const box = byId("own-rules");
  if (box.value.trim() && box.value !== loaded && !window.confirm("Put this rule in the place of what you wrote?")) return;
  box.value = loaded = answer.toml;
  byId("own").open = true;
  box.focus();
  box.scrollIntoView({ block: "center" });
  clean();
}

for (const [name, what] of Object.entries(given.categories)) {
  const box = make("input", { type: "checkbox", value: name, checked: true });
  byId("goes-list").append(make("label", { title: what }, box, name));
}
byId("source").value = given.text;
byId("own-rules").value = given.rules;
if (!given.html) {
  byId("kind").value = "text";
  byId("kind").disabled = true;
}
const offButton = make("button", { type: "button", id: "switch-off" }, "Switch this rule off");
const editButton = make("button", { type: "button", id: "edit" }, "Edit this rule");
byId("close").before(offButton, editButton);
offButton.addEventListener("click", () => {
  off.add(chosenRule());
  listOff();
  clean();
});
editButton.addEventListener("click", edit);
for (const id of ["source", "own-rules"]) byId(id).addEventListener("input", later);
for (const id of ["kind", "mode"]) byId(id).addEventListener("change", clean);
byId("goes-list").addEventListener("change", clean);
for (const [id, checked] of [["goes-all", true], ["goes-none", false]]) {
  byId(id).addEventListener("click", () => {
    for (const box of document.querySelectorAll("#goes-list input")) box.checked = checked;
    clean();
  });
}
byId("own-save").addEventListener("click", () => {
  download("my-rules.toml", new Blob([byId("own-rules").value], { type: "application/toml" }));
});
byId("own-test").addEventListener("click", async () => {
  const answer = await post("/test", { rules: byId("own-rules").value });
  byId("own-said").textContent = answer.error || answer.said;
});
start();
startExport();
listOff();
clean();
