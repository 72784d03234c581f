// The copy map: which projects share a table, and what differs.

const GROUPS = []; // lists of positions in COPIES, in its order: largest group first, its representative first
const GROUP_OF = {}; // project -> positions in COPIES

function startGroups() {
  const byName = {};
  COPIES.group.forEach((group, place) => {
    if (!byName[group]) GROUPS.push((byName[group] = []));
    byName[group].push(place);
    const project = COPIES.project[place];
    (GROUP_OF[project] = GROUP_OF[project] || []).push(place);
  });
}

function word(number) {
  return LABELS[text(number)] || text(number);
}

function groupTitle(group) {
  const first = group[0];
  const number = GROUPS.indexOf(group) + 1; // the group's own id is for programs
  const scopes = Array.from(new Set(group.map((place) => word(COPIES.scope[place])))).filter(Boolean);
  const lead = COPIES.representative[first];
  const parts = [LABELS.group + " " + number, fill(LABELS.n_projects, COPIES.size[first])].concat(scopes);
  return parts.join(" · ") + (lead < 0 ? "" : " · " + LABELS.representative + LABELS.colon + projectName(lead).slice(0, 60));
}

function groupBlock(group) {
  const block = make("details", { class: "group" }, make("summary", null, groupTitle(group)));
  const draw = () => {
    if (!block.querySelector("table")) block.appendChild(make("div", { class: "scroll" }, groupTable(group)));
  };
  block.addEventListener("toggle", draw);
  block.expand = () => {
    draw();
    block.open = true;
  };
  return block;
}

function groupTable(group) {
  const keys = ["project_name", "agency", "similarity", "similarity_masked", "copy_kind", "scope", "difference"];
  const rows = group.map((place) => {
    const project = COPIES.project[place];
    return make(
      "tr",
      null,
      cell("project_name", project < 0 ? "" : toldApart(project)),
      cell("agency", project < 0 ? "" : agencyName(PROJECTS.agency[project])),
      cell("similarity", percent(COPIES.similarity[place]), { class: "number" }),
      cell("similarity_masked", percent(COPIES.similarity_masked[place]), { class: "number" }),
      cell("copy_kind", word(COPIES.kind[place])),
      cell("scope", word(COPIES.scope[place])),
      cell("difference", differenceOf(place))
    );
  });
  return table(keys, rows, { class: "cards" });
}

function differenceOf(place) {
  const project = COPIES.project[place];
  const lead = COPIES.representative[place];
  const said = text(COPIES.difference[place]);
  if (project < 0 || lead < 0 || project === lead) return said || (project === lead ? LABELS.is_representative : "");
  const button = make("button", { type: "button", class: "small" }, LABELS.compare);
  button.onclick = () => button.parentNode.replaceChild(comparison(lead, project), button);
  return [said ? make("div", null, said) : null, button];
}

// Both tables side by side: the rows that differ in full, the others counted.
function comparison(lead, project) {
  const others = range(DATA.rows_from[project], DATA.rows_from[project + 1]);
  const pairs = range(DATA.rows_from[lead], DATA.rows_from[lead + 1]).map((row) => {
    const at = others.findIndex((other) => ROWS.name[other] === ROWS.name[row] && ROWS.level2[other] === ROWS.level2[row]);
    return [row, at < 0 ? null : others.splice(at, 1)[0]];
  });
  pairs.filter((pair) => pair[1] === null).forEach((pair) => {
    const at = others.findIndex((other) => ROWS.level2[other] === ROWS.level2[pair[0]]);
    if (at >= 0) pair[1] = others.splice(at, 1)[0];
  });
  others.forEach((other) => pairs.push([null, other]));
  const fields = ["name", "description", "value", "basis"];
  const unlike = pairs.filter((pair) => pair[0] === null || pair[1] === null || fields.some((field) => ROWS[field][pair[0]] !== ROWS[field][pair[1]]));
  const rows = unlike.map((pair) => make("tr", null, side(pair[0], pair[1], fields), side(pair[1], pair[0], fields)));
  const head = make("tr", null, [lead, project].map((which) => make("th", { scope: "col" }, projectName(which))));
  return make(
    "div",
    { class: "comparison" },
    rows.length ? make("table", null, make("thead", null, head), make("tbody", null, rows)) : null,
    make("p", { class: "quiet" }, fill(LABELS.same_rows, pairs.length - unlike.length))
  );
}

function side(row, other, fields) {
  if (row === null) return make("td", { class: "quiet" }, LABELS.no_row);
  return make("td", null, fields.map((field) => {
    const words = text(ROWS[field][row]);
    if (!words) return null;
    const same = other !== null && ROWS[field][other] === ROWS[field][row];
    return make("div", null, make("span", { class: "quiet" }, LABELS[field] + LABELS.colon), same ? words : make("mark", null, words));
  }));
}

function groupsOf(project) {
  return (GROUP_OF[project] || []).map((place) => {
    const group = GROUPS.find((members) => members.indexOf(place) >= 0);
    return [make("h3", null, LABELS.copies), groupBlock(group)];
  });
}

function drawCopies() {
  const body = byId("copies-body");
  if (!GROUPS.length) return add(body, LABELS.none);
  const more = make("button", { type: "button" });
  const list = make("div");
  add(body, [make("p", { class: "quiet" }, LABELS.neutral), list, more]);
  showAll.push(paged(GROUPS, 50, groupBlock, list, more));
}
