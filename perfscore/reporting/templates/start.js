// Ranking first, the rest when it stands.

function printable() {
  order.showRest();
  showAll.forEach((show) => show());
  document.querySelectorAll("#copies details").forEach((block) => block.expand());
  const pages = empty(byId("print-details"));
  if (byId("with-details").checked) order.projects.forEach((project) => pages.appendChild(renderProject(project)));
}

startGroups();
startRanking();
route();
document.documentElement.setAttribute("data-ready", String(Math.round(performance.now())));
setTimeout(() => {
  [drawAgencies, drawCopies, drawValues, drawMoney, drawUnread, drawMethod].forEach((draw) => draw());
  document.documentElement.setAttribute("data-complete", String(Math.round(performance.now())));
}, 0);
window.addEventListener("hashchange", route);
window.addEventListener("beforeprint", printable);
byId("print").addEventListener("click", () => {
  printable();
  window.print();
});
byId("back").addEventListener("click", (event) => {
  event.preventDefault();
  location.hash = "#ranking";
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !byId("detail").hidden) location.hash = "#ranking";
});
