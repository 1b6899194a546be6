// The review page: its data stands in the page; marks outlive a reload where the browser keeps things for files.

start();
startExport();
const given = JSON.parse(byId("data").textContent);
const key = `cleaner-review ${given.title} ${given.documents.length} ${given.documents.reduce((sum, doc) => sum + doc.pieces.length, 0)}`;
try {
  for (const [doc, marks] of JSON.parse(localStorage.getItem(key) || "[]")) {
    const pieces = given.documents[doc] ? given.documents[doc].pieces : [];
    const known = marks.filter((at) => pieces[at] !== undefined && isGone(pieces[at]));
    if (known.length) state.wrong.set(doc, new Set(known));
  }
} catch {
  // Nothing is kept then.
}
listeners.push(() => {
  try {
    localStorage.setItem(key, JSON.stringify([...state.wrong].map(([doc, marks]) => [doc, [...marks]])));
  } catch {
    // Nor now.
  }
});
show(given);
marksChanged();
document.documentElement.dataset.ready = String(Math.round(performance.now()));
