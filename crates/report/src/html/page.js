"use strict";
// Sorts and filters the tables. Without it the page says the same.
(() => {
  const MISSING = Number.NEGATIVE_INFINITY;
  const STATES = { none: "ascending", ascending: "descending", descending: "none" };
  const words = new Intl.Collator("en", { numeric: true });
  const tables = [...document.querySelectorAll(".scroll > table")];
  const form = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const asWritten = new Map();

  const rowsOf = (table) => {
    if (!asWritten.has(table)) asWritten.set(table, [...table.tBodies[0].rows]);
    return asWritten.get(table);
  };

  // A number may be grouped by blanks and have a minus that is no hyphen; an interval follows it.
  const number = (text) => {
    const value = Number.parseFloat(text.replace(/\u2212/g, "-").replace(/(\d)\u00a0(?=\d)/g, "$1"));
    return Number.isNaN(value) ? MISSING : value;
  };

  const sorted = (rows, column, isNumber, sign) => {
    const key = (row) => {
      const cell = row.cells[column];
      return isNumber ? number(cell.dataset.v ?? cell.textContent) : cell.textContent.trim();
    };
    const keyed = rows.map((row) => [key(row), row]);
    const missing = (value) => value === MISSING || value === "";
    keyed.sort(([a], [b]) => {
      // What is missing comes last either way.
      if (missing(a) || missing(b)) return missing(a) - missing(b);
      return sign * (isNumber ? a - b : words.compare(a, b));
    });
    return keyed.map(([, row]) => row);
  };

  // Columns keep their widths when rows move: a browser then need not measure every cell again.
  const keepWidths = (table) => {
    if (table.style.tableLayout === "fixed") return;
    const headings = [...table.tHead.rows[0].cells];
    const widths = headings.map((heading) => heading.getBoundingClientRect().width);
    table.style.width = `${table.getBoundingClientRect().width}px`;
    headings.forEach((heading, at) => { heading.style.width = `${widths[at]}px`; });
    table.style.tableLayout = "fixed";
  };

  const sort = (heading) => {
    const table = heading.closest("table");
    keepWidths(table);
    const state = STATES[heading.getAttribute("aria-sort") ?? "none"];
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    const written = rowsOf(table);
    let rows = written;
    if (state !== "none") {
      heading.setAttribute("aria-sort", state);
      const sign = state === "ascending" ? 1 : -1;
      rows = sorted(written, heading.cellIndex, heading.classList.contains("n"), sign);
    }
    const body = table.tBodies[0];
    body.remove();
    body.append(...rows);
    table.append(body);
    const order = state === "none" ? "as written" : `by ${heading.textContent}, ${state}`;
    shown.textContent = `${table.caption.textContent.trim()} sorted ${order}.`;
  };

  const plural = (count) => `${count.toLocaleString("en").replaceAll(",", "\u00a0")}\u00a0row${count === 1 ? "" : "s"}`;

  // A row that says nothing of a key is left alone by it.
  const takes = (wanted) => (row) => {
    const { e, a, t } = row.dataset;
    const has = (list, one) => one === "" || list === undefined || list.split(" ").includes(one);
    const named = wanted.architecture === "" || a === undefined || a.toLowerCase().includes(wanted.architecture);
    return has(e, wanted.engine) && has(t, wanted.threads) && named;
  };

  const filter = () => {
    const value = (name) => form.elements.namedItem(name).value;
    const wanted = { engine: value("engine"), threads: value("threads"), architecture: value("architecture").trim().toLowerCase() };
    const taken = takes(wanted);
    let [all, visible] = [0, 0];
    for (const table of tables) {
      const rows = rowsOf(table);
      let left = 0;
      for (const row of rows) {
        const hidden = !taken(row);
        if (row.hidden !== hidden) row.hidden = hidden;
        if (!hidden) left += 1;
      }
      const count = left === rows.length ? plural(left) : `${left} of ${plural(rows.length)}`;
      const said = table.caption.querySelector(".count");
      if (said.textContent !== count) said.textContent = count;
      all += rows.length;
      visible += left;
    }
    shown.textContent = visible === all ? `All ${plural(all)} shown.` : `${visible} of ${plural(all)} shown.`;
  };

  const addButtons = () => {
    for (const heading of document.querySelectorAll(".scroll > table thead th")) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
    }
  };
  addButtons();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("thead button");
    if (button) sort(button.parentElement);
  });

  let pending = 0;
  const later = (wait) => {
    clearTimeout(pending);
    pending = setTimeout(filter, wait);
  };
  form.hidden = false;
  form.addEventListener("input", () => later(120));
  form.addEventListener("reset", () => later(0));
  form.addEventListener("submit", (event) => event.preventDefault());
  // A browser that goes back to the page keeps what was chosen.
  if ([...form.elements].some((element) => element.value)) filter();

  // What a link leads to may be folded away or filtered out.
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    if (target?.hidden) form.reset();
  };
  addEventListener("hashchange", open);
  if (location.hash) open();

  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
    // Chromium repeats the headings of a table on every sheet only if there is no button in them.
    for (const button of document.querySelectorAll("thead button")) button.replaceWith(...button.childNodes);
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
    addButtons();
  });
})();
