"use strict";
// Written for old browsers on office machines: ES2017 at most. Texts of the tables reach the page as text nodes only.

const DATA = JSON.parse(document.getElementById("data").textContent);
const LABELS = Object.assign(DATA.labels, { budget: DATA.labels.budget_short });
const PROJECTS = DATA.projects;
const ROWS = DATA.indicators;
const FINDINGS = DATA.findings;
const COPIES = DATA.copies;
const COUNT = PROJECTS.project_id.length;
const COLLATOR = new Intl.Collator(DATA.lang);

function text(number) {
  return number === undefined || number < 0 ? "" : DATA.texts[number];
}

function byId(id) {
  return document.getElementById(id);
}

// Make an element: attributes as an object, children as nodes, strings or nested arrays of them.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.keys(attributes || {}).forEach((name) => element.setAttribute(name, attributes[name]));
  add(element, children);
  return element;
}

function add(element, child) {
  if (Array.isArray(child)) child.forEach((part) => add(element, part));
  else if (child instanceof Node) element.appendChild(child);
  else if (child !== null && child !== undefined) element.appendChild(document.createTextNode(child));
}

function empty(element) {
  while (element.firstChild) element.removeChild(element.firstChild);
  return element;
}

function fill(pattern, number) {
  return pattern.replace("{n}", number);
}

function money(yuan) {
  if (yuan === null || yuan === undefined) return "";
  const zh = DATA.lang === "zh";
  if (zh && yuan >= 1e8) return (yuan / 1e8).toFixed(2) + " 亿元";
  if (zh && yuan >= 1e4) return (yuan / 1e4).toFixed(2) + " 万元";
  return yuan.toLocaleString("en") + (zh ? " 元" : "");
}

function percent(share) {
  return share === null || share === undefined ? "" : (share * 100).toFixed(share === 1 || share === 0 ? 0 : 1) + "%";
}

function points(number) {
  return number === null || number === undefined ? "" : String(Math.round(number * 100) / 100);
}

function range(from, to) {
  const numbers = [];
  for (let number = from; number < to; number += 1) numbers.push(number);
  return numbers;
}

function projectName(project) {
  return text(PROJECTS.project_name[project]).trim() || LABELS.unnamed;
}

function agencyName(number) {
  return text(number) || LABELS.no_agency;
}

function projectLink(project) {
  return make("a", { href: "#p" + (project + 1) }, projectName(project));
}

// Projects of one name and agency, counted.
const NAMESAKES = new Map();
function namesOf(project) {
  return projectName(project) + "\n" + PROJECTS.agency[project];
}
range(0, COUNT).forEach((project) => NAMESAKES.set(namesOf(project), (NAMESAKES.get(namesOf(project)) || 0) + 1));

// A link to a project, with its file and place where others look the same.
function toldApart(project) {
  const where = (text(PROJECTS.doc[project]) + " " + text(PROJECTS.place[project])).trim();
  return [projectLink(project), NAMESAKES.get(namesOf(project)) > 1 ? make("div", { class: "quiet" }, where) : null];
}

function gradeBadge(grade) {
  const order = ["差", "中", "良", "优", "未评"];
  return make("span", { class: "grade g" + order.indexOf(grade) }, grade);
}

function bar(share) {
  const inner = make("span", { class: "fill" });
  inner.style.width = Math.max(0, Math.min(100, share * 100)) + "%";
  return make("span", { class: "bar", "aria-hidden": "true" }, inner);
}

// A table cell that says its heading itself where the narrow layout hides the head of the table.
function cell(key, children, attributes) {
  return make("td", Object.assign({ "data-label": LABELS[key] || "" }, attributes), children);
}

function table(keys, rows, attributes) {
  const head = make("tr", null, keys.map((key) => make("th", { scope: "col" }, LABELS[key] || key)));
  return make("table", attributes, make("thead", null, head), make("tbody", null, rows));
}

// Show the first rows of a long list, and a button for more. `print` must be able to show them all.
const showAll = [];
function paged(items, size, draw, target, button) {
  let shown = 0;
  function more(count) {
    const next = items.slice(shown, shown + count);
    shown += next.length;
    const fragment = document.createDocumentFragment();
    next.forEach((item) => fragment.appendChild(draw(item)));
    target.appendChild(fragment);
    button.hidden = shown >= items.length;
    button.textContent = fill(LABELS.show_more, items.length - shown);
  }
  button.onclick = () => more(size);
  more(size);
  return () => more(items.length);
}
