// The ranking: filters, sorting, rows.

const PAGE = 100;
const order = { key: "rank", down: false, projects: range(0, COUNT), showRest: () => {} };

// Rules of a project, heaviest first: [code, times, points].
function rulesOf(project) {
  const found = {};
  range(DATA.findings_from[project], DATA.findings_from[project + 1]).forEach((finding) => {
    const code = text(FINDINGS.code[finding]);
    const entry = found[code] || (found[code] = [code, 0, 0]);
    entry[1] += 1;
    entry[2] += FINDINGS.points[finding] || 0;
  });
  return Object.keys(found).map((code) => found[code]).sort((a, b) => b[2] - a[2] || b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

function ruleTitle(code) {
  return DATA.rules[code] ? DATA.rules[code][0] : code;
}

function reasonsOf(project) {
  const rules = rulesOf(project);
  const shown = rules.slice(0, 3).map((rule) =>
    make("li", null, make("span", { class: "code" }, rule[0]), " " + ruleTitle(rule[0]) + (rule[1] > 1 ? " ×" + rule[1] : ""))
  );
  const words = [text(PROJECTS.gates[project]), text(PROJECTS.reason[project])].filter(Boolean);
  words.forEach((word) => shown.unshift(make("li", { class: "cap" }, word)));
  if (rules.length > 3) shown.push(make("li", { class: "quiet" }, fill(LABELS.more_rules, rules.length - 3)));
  return shown.length ? make("ul", { class: "reasons" }, shown) : LABELS.no_findings;
}

function rankingRow(project) {
  const score = PROJECTS.score[project];
  return make(
    "tr",
    { "data-project": project },
    cell("rank", PROJECTS.rank[project] === null ? "—" : String(PROJECTS.rank[project]), { class: "number" }),
    cell("grade", gradeBadge(text(PROJECTS.grade[project]))),
    cell("score", score === null ? "—" : [score.toFixed(1), bar(score / 100)], { class: "number" }),
    cell("project_name", toldApart(project)),
    cell("agency", agencyName(PROJECTS.agency[project])),
    cell("budget", money(PROJECTS.budget[project]), { class: "number" }),
    cell("reasons", reasonsOf(project))
  );
}

const haystacks = [];
function haystack(project) {
  if (haystacks[project] === undefined) {
    const parts = ["project_name", "project_code", "agency", "doc", "goal", "purpose"].map((name) => text(PROJECTS[name][project]));
    range(DATA.rows_from[project], DATA.rows_from[project + 1]).forEach((row) => {
      ["name", "description", "value", "basis"].forEach((name) => parts.push(text(ROWS[name][row])));
    });
    haystacks[project] = parts.join("\n").toLowerCase();
  }
  return haystacks[project];
}

function matches(project, wanted) {
  if (wanted.grade && text(PROJECTS.grade[project]) !== wanted.grade) return false;
  if (wanted.agency !== "" && PROJECTS.agency[project] !== Number(wanted.agency)) return false;
  if (wanted.rule && !rulesOf(project).some((rule) => rule[0] === wanted.rule)) return false;
  return wanted.words.every((word) => haystack(project).indexOf(word) >= 0);
}

function compare(key) {
  const column = PROJECTS[key];
  if (["project_name", "agency"].indexOf(key) >= 0) return (a, b) => COLLATOR.compare(text(column[a]), text(column[b]));
  return (a, b) => column[a] - column[b];
}

function missing(key, project) {
  const value = PROJECTS[key][project];
  return value === null || value === -1;
}

function sortProjects(projects) {
  const by = compare(order.key);
  const sign = order.down ? -1 : 1;
  return projects.sort((a, b) => {
    const gap = missing(order.key, a) - missing(order.key, b); // what has no value stays last either way
    return gap || (missing(order.key, a) ? 0 : sign * by(a, b)) || a - b;
  });
}

function drawRanking() {
  const wanted = {
    words: byId("f-text").value.toLowerCase().split(/\s+/).filter(Boolean),
    agency: byId("f-agency").value,
    grade: byId("f-grade").value,
    rule: byId("f-rule").value,
  };
  order.projects = sortProjects(range(0, COUNT).filter((project) => matches(project, wanted)));
  byId("count").textContent = fill(LABELS.n_projects, order.projects.length);
  const body = empty(byId("ranking-rows"));
  order.showRest = paged(order.projects, PAGE, rankingRow, body, byId("ranking-more"));
}

function sortBy(button) {
  const key = button.getAttribute("data-sort");
  order.down = order.key === key ? !order.down : key === "budget";
  order.key = key;
  document.querySelectorAll("[data-sort]").forEach((other) => {
    other.parentNode.setAttribute("aria-sort", other === button ? (order.down ? "descending" : "ascending") : "none");
  });
  drawRanking();
}

function options(select, pairs) {
  pairs.forEach((pair) => select.appendChild(make("option", { value: pair[0] }, pair[1])));
}


function startRanking() {
  const agencies = Array.from(new Set(PROJECTS.agency));
  agencies.sort((a, b) => COLLATOR.compare(text(a), text(b)));
  options(byId("f-agency"), agencies.map((agency) => [agency, agencyName(agency)]));
  options(byId("f-grade"), Array.from(new Set(PROJECTS.grade)).map((grade) => [text(grade), text(grade)]));
  const codes = Array.from(new Set(FINDINGS.code)).map(text).sort();
  options(byId("f-rule"), codes.map((code) => [code, code + " " + ruleTitle(code)]));
  let waiting = 0;
  byId("f-text").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(drawRanking, 150);
  });
  ["f-agency", "f-grade", "f-rule"].forEach((id) => byId(id).addEventListener("change", drawRanking));
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => setTimeout(drawRanking, 0));
  document.querySelectorAll("[data-sort]").forEach((button) => button.addEventListener("click", () => sortBy(button)));
  drawRanking();
}
