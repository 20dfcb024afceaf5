// Returns the rows of the table of cells, as `formbench show --json` names them.
[...document.getElementById("cells-table").tBodies[0].rows].map((row) => {
  const names = [...row.closest("table").tHead.rows[0].cells].map((cell) => cell.textContent);
  const cell = (name) => row.cells[names.indexOf(name)];
  const numbers = (name) => cell(name).dataset.v?.split(" ").map(Number) ?? null;
  const count = (name) => Number(cell(name).textContent.replace(/\s/g, ""));
  return {
    cell: row.id.replace("cell-", ""),
    architecture: cell("architecture").textContent,
    threads: count("threads"),
    resolution: count("pixels"),
    rounds: count("rounds"),
    samples: count("samples"),
    median_ms: numbers("median ms"),
    speed_up: numbers("speed-up"),
    over: cell("over").textContent || null,
    refusal: cell("refusal").textContent,
  };
})
