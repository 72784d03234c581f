// One project: its table as printed, the words at fault marked, the reason beside them.

const HEAD = ["project_code", "agency", "year", "budget", "purpose", "goal", "plan", "doc"];
const DIMENSIONS = ["lost_completeness", "lost_relevance", "lost_appropriateness", "lost_feasibility"];

function findingsOf(project) {
  return range(DATA.findings_from[project], DATA.findings_from[project + 1]).map((finding, place) => ({
    number: place + 1,
    row: FINDINGS.row_no[finding],
    code: text(FINDINGS.code[finding]),
    severity: text(FINDINGS.severity[finding]) || "info",
    field: text(FINDINGS.field[finding]),
    start: FINDINGS.start[finding],
    end: FINDINGS.end[finding],
    evidence: text(FINDINGS.evidence[finding]),
    message: text(FINDINGS.message[finding]),
    advice: text(FINDINGS.advice[finding]),
    points: PROJECTS.score[project] === null ? null : FINDINGS.points[finding], // what is not graded loses none
    peer: text(FINDINGS.peer[finding]),
    opinion: text(FINDINGS.opinion[finding]),
  }));
}

// A cell's text with its findings marked, each mark followed by the number of its finding.
function marked(words, findings) {
  if (!findings.length) return words;
  const marks = Array.from(words); // positions count characters, not UTF-16 units
  if (!marks.length) return [make("mark", null, LABELS.blank), ...findings.map(numberOf)];
  const spans = findings.map((finding) => ({
    start: finding.start === null ? 0 : finding.start,
    end: finding.end === null ? marks.length : Math.min(finding.end, marks.length),
    finding: finding,
  }));
  const cuts = Array.from(new Set([0, marks.length].concat(...spans.map((span) => [span.start, span.end]))));
  cuts.sort((a, b) => a - b);
  const nodes = [];
  cuts.slice(0, -1).forEach((from, place) => {
    const to = cuts[place + 1];
    const piece = marks.slice(from, to).join("");
    const within = spans.some((span) => span.start <= from && span.end >= to);
    nodes.push(within ? make("mark", null, piece) : piece);
    spans.filter((span) => span.end === to).forEach((span) => nodes.push(numberOf(span.finding)));
  });
  return nodes;
}

function numberOf(finding) {
  return make("sup", { class: "s-" + finding.severity }, String(finding.number));
}

function findingItem(finding) {
  const details = [];
  if (finding.advice) details.push(make("div", { class: "advice" }, LABELS.advice + LABELS.colon + finding.advice));
  const tail = [];
  if (finding.points !== null) tail.push(finding.points ? LABELS.points + " " + points(finding.points) : LABELS.no_points);
  if (finding.opinion) tail.push(LABELS.opinion + " " + finding.opinion);
  if (tail.length) details.push(make("div", { class: "quiet" }, tail.join(" · ")));
  return make(
    "li",
    { value: finding.number },
    make("span", { class: "severity s-" + finding.severity }, LABELS[finding.severity] || finding.severity),
    " ",
    make("span", { class: "code", title: ruleTitle(finding.code) }, finding.code),
    " ",
    finding.message,
    peerLink(finding.peer),
    details
  );
}

function peerLink(peer) {
  if (!peer) return null;
  const whole = projectAt(peer);
  const cut = peer.lastIndexOf("#");
  const at = whole === undefined ? projectAt(peer.slice(0, cut)) : whole;
  if (at === undefined) return make("div", { class: "quiet" }, LABELS.peer + LABELS.colon + peer);
  return make("div", { class: "quiet" }, LABELS.peer + LABELS.colon, projectLink(at), whole === undefined ? rowOf(peer.slice(cut + 1)) : null);
}

let idPlaces = null;
function projectAt(id) {
  if (!idPlaces) idPlaces = new Map(PROJECTS.project_id.map((number, at) => [text(number), at]));
  return idPlaces.get(id);
}

function rowOf(number) {
  return number ? " " + LABELS.row_no + " " + number : "";
}

function findingList(findings) {
  return findings.length ? make("ol", { class: "findings" }, findings.map(findingItem)) : null;
}

function headTable(project, findings) {
  const rows = HEAD.map((key) => {
    let words = key === "budget" ? money(PROJECTS.budget[project]) : text(PROJECTS[key][project]);
    if (key === "year") words = PROJECTS.year[project] === null ? "" : String(PROJECTS.year[project]);
    if (key === "doc") words += " " + text(PROJECTS.place[project]);
    const found = findings.filter((finding) => finding.row === null && finding.field === key);
    if (!words && !found.length) return null;
    return make("tr", null, make("th", { scope: "row" }, LABELS[key]), make("td", null, marked(words, found)));
  });
  return make("table", { class: "head" }, make("tbody", null, rows));
}

function scoreBox(project) {
  const score = PROJECTS.score[project];
  const lines = [make("p", { class: "score" }, gradeBadge(text(PROJECTS.grade[project])), " ", score === null ? "" : score.toFixed(1))];
  const visible = PROJECTS.visible[project];
  if (visible !== null) lines.push(make("p", { class: "quiet" }, fill(LABELS.of_100, points(visible))));
  [PROJECTS.gates, PROJECTS.reason].forEach((column) => {
    if (text(column[project])) lines.push(make("p", { class: "cap" }, text(column[project])));
  });
  const lost = DIMENSIONS.filter((name) => PROJECTS[name][project] !== null);
  if (lost.length) {
    lines.push(make("ul", { class: "lost" }, lost.map((name) => make("li", null, LABELS[name] + " " + points(PROJECTS[name][project])))));
  }
  return make("div", { class: "scorebox" }, lines);
}

function indicatorTable(project, findings) {
  const rows = range(DATA.rows_from[project], DATA.rows_from[project + 1]);
  const has = (name) => rows.some((row) => (name === "weight" ? ROWS[name][row] !== null : ROWS[name][row] >= 0));
  const shown = ["level1", "level2", "name", "description", "value", "basis", "weight"].filter((name) => name === "name" || has(name));
  const body = rows.map((row) => {
    const own = findings.filter((finding) => finding.row === ROWS.row_no[row]);
    const cells = shown.map((name) => {
      const words = name === "weight" ? points(ROWS.weight[row]) : text(ROWS[name][row]);
      return cell(name, marked(words, own.filter((finding) => finding.field === name)), { class: "as-printed" });
    });
    return make("tr", null, cell("row_no", String(ROWS.row_no[row]), { class: "number" }), cells, cell("issues", [DATA.unjudged[row] || null, findingList(own)], { class: "why" }));
  });
  return table(["row_no"].concat(shown, ["issues"]), body, { class: "cards indicators" });
}

function renderProject(project) {
  const findings = findingsOf(project);
  const whole = findings.filter((finding) => finding.row === null);
  return make(
    "article",
    { class: "project" },
    make("h2", { tabindex: "-1" }, marked(projectName(project), whole.filter((finding) => finding.field === "project_name"))),
    make("div", { class: "columns" }, headTable(project, findings), scoreBox(project)),
    whole.length ? [make("h3", null, LABELS.whole_table), findingList(whole)] : null,
    findings.length ? null : make("p", null, LABELS.no_findings),
    make("div", { class: "scroll" }, indicatorTable(project, findings)),
    groupsOf(project)
  );
}

// Open the project that the address names (#p12), or go back to the ranking.
let lastLink = null;
function route() {
  const found = /^#p(\d+)$/.exec(location.hash);
  const project = found ? Number(found[1]) - 1 : -1;
  const open = project >= 0 && project < COUNT;
  byId("overview").hidden = open;
  byId("detail").hidden = !open;
  if (!open) {
    const row = lastLink === null ? null : document.querySelector('[data-project="' + lastLink + '"] a');
    if (row) row.focus();
    lastLink = null;
    return;
  }
  lastLink = project;
  const body = empty(byId("detail-body"));
  body.appendChild(renderProject(project));
  const at = order.projects.indexOf(project);
  step(byId("previous"), at > 0 ? order.projects[at - 1] : null);
  step(byId("next"), at >= 0 && at + 1 < order.projects.length ? order.projects[at + 1] : null);
  window.scrollTo(0, 0);
  body.querySelector("h2").focus();
}

function step(link, project) {
  link.hidden = project === null;
  if (project !== null) link.setAttribute("href", "#p" + (project + 1));
}
