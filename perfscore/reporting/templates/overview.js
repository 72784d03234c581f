// The sections beside the ranking: agencies, values, money, what was not read, method.

const GRADES = ["差", "中", "良", "优", "未评"];

function drawAgencies() {
  const data = DATA.agencies;
  const rows = range(0, data.agency.length).map((at) => {
    const button = make("button", { type: "button", class: "link" }, agencyName(data.agency[at]));
    button.onclick = () => showAgency(data.agency[at]);
    return make(
      "tr",
      null,
      cell("agency", button),
      cell("score", data.score[at] === null ? "—" : [data.score[at].toFixed(1), bar(data.score[at] / 100)], { class: "number" }),
      GRADES.map((grade) => make("td", { "data-label": grade, class: "number" }, data[grade][at] ? String(data[grade][at]) : "")),
      cell("size", String(data.size[at]), { class: "number" }),
      cell("budget", money(data.budget[at]), { class: "number" }),
      cell("finding_count", String(data.finding_count[at]), { class: "number" })
    );
  });
  const keys = ["agency", "score"].concat(GRADES, ["size", "budget", "finding_count"]);
  pagedTable("agencies-body", keys, rows);
}

function pagedTable(id, keys, rows) {
  const body = byId(id);
  if (!rows.length) return add(body, LABELS.none);
  const element = table(keys, [], { class: "cards" });
  const more = make("button", { type: "button" });
  add(body, [make("div", { class: "scroll" }, element), more]);
  showAll.push(paged(rows, 50, (row) => row, element.querySelector("tbody"), more));
}

function showAgency(agency) {
  byId("f-agency").value = String(agency);
  drawRanking();
  byId("ranking").scrollIntoView();
  byId("f-agency").focus();
}

function drawValues() {
  const data = DATA.values;
  const byAgency = new Map();
  data.agency.forEach((agency, at) => {
    if (!byAgency.has(agency)) byAgency.set(agency, []);
    byAgency.get(agency).push(at);
  });
  const rows = Array.from(byAgency.values()).map((places) => make(
    "tr",
    null,
    cell("agency", agencyName(data.agency[places[0]])),
    cell("top_value", make("strong", null, text(data.value[places[0]]) || LABELS.blank)),
    cell("share", [percent(data.share[places[0]]), bar(data.share[places[0]])], { class: "number" }),
    cell("other_values", places.slice(1).map((at) => (text(data.value[at]) || LABELS.blank) + " " + percent(data.share[at])).join(LABELS.semicolon))
  ));
  pagedTable("values-body", ["agency", "top_value", "share", "other_values"], rows);
}

// One shape a grade, drawn from its middle, so that colour is not the only sign.
const SHAPES = {
  "差": "m-4 3l4-7l4 7z",
  "中": "m-3-3h6v6h-6z",
  "良": "m0-4l4 4l-4 4l-4-4z",
  "优": "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
};

function drawMoney() {
  const body = byId("money-body");
  const scored = range(0, COUNT).filter((at) => PROJECTS.score[at] !== null);
  const drawn = scored.filter((at) => PROJECTS.budget[at] > 0);
  const rows = GRADES.map((grade) => {
    const own = range(0, COUNT).filter((at) => text(PROJECTS.grade[at]) === grade);
    const sum = own.reduce((total, at) => total + (PROJECTS.budget[at] || 0), 0);
    const without = own.filter((at) => PROJECTS.budget[at] === null).length;
    return own.length ? make("tr", null, cell("grade", gradeBadge(grade)), cell("size", String(own.length), { class: "number" }),
      cell("budget", without === own.length ? "" : money(sum), { class: "number" }), cell("no_budget", without ? String(without) : "", { class: "number" })) : null;
  });
  add(body, make("div", { class: "columns" }, drawn.length ? scatter(drawn) : null, table(["grade", "size", "budget", "no_budget"], rows, { class: "cards" })));
  const weak = scored.filter((at) => PROJECTS.score[at] < 60).sort(byBudget).slice(0, 10);
  if (weak.length) add(body, [make("h3", null, LABELS.large_and_weak), make("ol", null, weak.map((at) =>
    make("li", null, projectLink(at), " · " + agencyName(PROJECTS.agency[at]) + " · " + (money(PROJECTS.budget[at]) || LABELS.no_money) + " · " + PROJECTS.score[at].toFixed(1))))]);
}

// Largest budget first, what names none last.
function byBudget(a, b) {
  const gap = (PROJECTS.budget[a] === null) - (PROJECTS.budget[b] === null);
  return gap || PROJECTS.budget[b] - PROJECTS.budget[a] || a - b;
}

function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.keys(attributes || {}).forEach((name) => element.setAttribute(name, attributes[name]));
  add(element, children);
  return element;
}

// Budget (logarithmic) against score; a grade has a shape of its own, one path holds all its projects.
function scatter(scored) {
  const logs = scored.map((at) => Math.log10(PROJECTS.budget[at]));
  const low = Math.floor(logs.reduce((a, b) => Math.min(a, b)));
  const high = Math.max(low + 1, Math.ceil(logs.reduce((a, b) => Math.max(a, b))));
  const x = (log) => 45 + ((log - low) / (high - low)) * 540;
  const y = (score) => 15 + (1 - score / 100) * 260;
  const plot = svg("svg", { viewBox: "0 0 630 330", role: "img", "aria-label": LABELS.scatter, class: "scatter" });
  [0, 20, 40, 60, 80, 100].forEach((score) => {
    plot.appendChild(svg("path", { d: "M45 " + y(score) + "H585", class: "grid" }));
    plot.appendChild(svg("text", { x: 38, y: y(score) + 4, "text-anchor": "end" }, String(score)));
  });
  range(low, high + 1).forEach((log) => {
    plot.appendChild(svg("path", { d: "M" + x(log) + " 15V275", class: "grid" }));
    plot.appendChild(svg("text", { x: x(log), y: 292, "text-anchor": "middle" }, money(Math.pow(10, log)).replace(".00", "")));
  });
  GRADES.filter((grade) => SHAPES[grade]).forEach((grade, place) => {
    const dots = scored.map((at, i) => [at, logs[i]]).filter((pair) => text(PROJECTS.grade[pair[0]]) === grade)
      .map((pair) => "M" + x(pair[1]).toFixed(1) + " " + y(PROJECTS.score[pair[0]]).toFixed(1) + SHAPES[grade]);
    plot.appendChild(svg("path", { d: dots.join(""), class: "dots g" + place }));
    const legend = 60 + place * 60;
    plot.appendChild(svg("path", { d: "M" + legend + " 316" + SHAPES[grade], class: "dots g" + place }));
    plot.appendChild(svg("text", { x: legend + 9, y: 320 }, grade));
  });
  return plot;
}

function drawUnread() {
  const data = DATA.unread;
  const keys = ["doc", "place", "reason", "advice"];
  pagedTable("unread-body", keys, range(0, data.doc.length).map((at) => make("tr", null, keys.map((key) => cell(key, text(data[key][at]))))));
}

function drawMethod() {
  const list = make("dl");
  DATA.method.filter((pair) => pair[1]).forEach((pair) => add(list, [make("dt", null, LABELS[pair[0]] || pair[0]), make("dd", null, pair[1])]));
  add(byId("method-body"), [make("p", null, LABELS.lead), list]);
}
