// Keys and liveness. Everything works without; nothing here decides anything.
const $ = (what, within = document) => within.querySelector(what);
const all = (what, within = document) => [...within.querySelectorAll(what)];
document.documentElement.classList.add("has-js");

// On a narrow screen the lane that is shown may stand beyond the edge.
const lane = $(".tabs [aria-current]");
if (lane) {
  const [tabs, own] = [lane.parentElement, lane.getBoundingClientRect()];
  const edge = tabs.getBoundingClientRect();
  tabs.scrollLeft += own.left + own.width / 2 - edge.left - edge.width / 2;
}

// The queue: a place in it, and what is chosen.
const queue = $("#queue");
const rows = () => (queue ? all("li", queue) : []);
let at = -1;
function go(to) {
  const list = rows();
  if (!list.length) return;
  list[at]?.classList.remove("at");
  at = Math.max(0, Math.min(list.length - 1, to));
  list[at].classList.add("at");
  $("a", list[at]).focus({ preventScroll: true });
  list[at].scrollIntoView({ block: "nearest" });
}
queue?.addEventListener("focusin", (event) => {
  const row = event.target.closest("li");
  const found = rows().indexOf(row);
  if (found >= 0 && found !== at) {
    rows()[at]?.classList.remove("at");
    at = found;
    row.classList.add("at");
  }
});
const bar = $("#bar");
function count() {
  if (!bar) return;
  const chosen = all("input[name=tip]:checked").length;
  bar.classList.toggle("on", chosen > 0);
  const told = $(".count", bar);
  told.hidden = chosen === 0;
  $("b", told).textContent = chosen;
}
queue?.addEventListener("change", count);
count();
// One key on one row is the same as choosing that row and pressing the button.
function onRow(press) {
  if (!bar || all("input[name=tip]:checked").length) return press();
  const box = rows()[at] && $("input[name=tip]", rows()[at]);
  if (!box) return;
  box.checked = true;
  count();
  press();
}

// Keys: what a control says of itself, and a few that move.
const typing = (target) => target.matches("input:not([type=checkbox]),textarea,select,[contenteditable]");
function press(control) {
  if (control.matches("input,textarea")) {
    control.focus();
    control.scrollIntoView({ block: "center" });
  } else if (control.matches("summary")) {
    const details = control.parentElement;
    details.open = true;
    $("input:not([type=hidden]),select,textarea", details)?.focus();
  } else control.click();
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (event.ctrlKey && event.key === "Enter" && event.target.form) return event.target.form.requestSubmit();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  const key = event.key;
  const list = rows();
  if (key === "?") $("#help")?.showModal();
  else if (queue && key === "j") go(at + 1);
  else if (queue && key === "k") go(at - 1);
  else if (queue && key === "v" && list[at]) {
    const box = $("input[name=tip]", list[at]);
    if (box) { box.checked = !box.checked; count(); }
  } else if (key === "." && live && !live.hidden) $("a", live).click();
  else {
    const control = $(`[data-key="${CSS.escape(key)}"]`);
    if (!control) return;
    if (bar?.contains(control)) onRow(() => press(control));
    else press(control);
  }
  event.preventDefault();
});
$("#help-open")?.addEventListener("click", () => $("#help").showModal());

// Ready answers go into the field; without scripts the link loads the page with them.
for (const link of all(".pick [data-text]"))
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const field = $("#say-text");
    field.value = field.value ? `${field.value}\n${link.dataset.text}` : link.dataset.text;
    link.closest("details").open = false;
    field.focus();
  });

// Nobody leaves half an answer behind without being asked.
let dirty = false;
for (const field of all("main textarea:not([readonly])")) field.addEventListener("input", () => (dirty = true));
document.addEventListener("submit", () => (dirty = false));
addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });

// What arrives is counted and announced; no row moves until the officer asks for it.
const live = $("#live");
const others = $("#others");
if (live || others) {
  const stream = new EventSource(`/console/live${others ? `?tip=${others.dataset.tip}` : ""}`);
  let before = null;
  stream.addEventListener("counts", (event) => {
    const counts = JSON.parse(event.data);
    if (!live || new URLSearchParams(location.search).toString().match(/category|unit|priority|assignee|office|q=/)) return;
    for (const tab of all("[data-lane]")) $(".n", tab).textContent = counts.lanes[tab.dataset.lane] ?? 0;
    if (before !== null && counts.all > before.all) {
      live.hidden = false;
      $("b", live).textContent = Number($("b", live).textContent || 0) + counts.all - before.all;
    }
    before = counts;
  });
  stream.addEventListener("present", (event) => {
    const names = JSON.parse(event.data);
    others.hidden = names.length === 0;
    others.replaceChildren(`${others.dataset.text} `);
    const b = document.createElement("b");
    b.textContent = names.join(", ");
    others.append(b);
  });
  addEventListener("pagehide", () => stream.close());
}

// A search goes on by itself until a page is full, and shows how far it has read. Rows are added at the end only.
async function searchOn() {
  for (let goOn = $("[data-go-on]"); goOn && rows().length < 50; goOn = $("[data-go-on]")) {
    const answer = await fetch(goOn.href);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const row of all("#queue li", page)) {
      const id = `t-${row.dataset.id}`;
      $("input", row).id = id;
      $("label", row).htmlFor = id;
      queue.append(row);
    }
    $(".progress").replaceWith($(".progress", page));
    const further = $("[data-go-on]", page);
    if (further) goOn.href = further.href;
    else goOn.closest(".more").remove();
    if (rows().length) $(".empty")?.remove();
  }
}
searchOn();
$("[data-print]")?.addEventListener("click", () => print());
