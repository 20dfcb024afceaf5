// Returns what a screen reader would stumble over.
(() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids)) {
    if (ids.filter((other) => other === id).length > 1) faults.push(`id ${id} is not unique`);
  }
  for (const attribute of ["aria-labelledby", "aria-describedby"]) {
    for (const element of all(`[${attribute}]`)) {
      const named = element.getAttribute(attribute);
      const text = document.getElementById(named)?.textContent.trim();
      if (!text) faults.push(`${attribute} ${named} names nothing`);
    }
  }
  for (const link of all("a[href^='#']")) {
    const target = link.getAttribute("href").slice(1);
    if (!document.getElementById(target)) faults.push(`link to ${target} leads nowhere`);
  }
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push(`${heading.textContent} skips a level`);
    level = next;
  }
  if (all("h1").length !== 1) faults.push("there is not one h1");
  for (const landmark of ["header", "nav", "main", "footer"]) {
    if (all(`body > ${landmark}`).length !== 1) faults.push(`there is not one ${landmark}`);
  }
  for (const svg of all("svg")) {
    if (svg.getAttribute("role") !== "img" || !svg.hasAttribute("aria-labelledby")) {
      faults.push("a picture has no name");
    }
  }
  for (const table of all("table")) {
    if (!table.caption?.textContent.trim()) faults.push(`${table.id} has no caption`);
  }
  for (const heading of all("th:not([scope])")) faults.push(`${heading.textContent} has no scope`);
  for (const field of all("input, select")) {
    if (!field.labels.length) faults.push(`${field.name} has no label`);
  }
  return faults;
})()
