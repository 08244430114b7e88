"use strict";

// Tables: a click on a heading sorts by its column, a second one the other way round, a third one as it was.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const original = [...body.rows].filter((row) => !row.classList.contains("sum"));
  const sum = body.querySelector(".sum");
  const words = new Intl.Collator(document.documentElement.lang, { numeric: true });
  if (original.length < 2) continue;

  const compare = (column) => (one, other) => {
    const [a, b] = [one.cells[column], other.cells[column]];
    if ("key" in a.dataset && "key" in b.dataset) return Number(a.dataset.key) - Number(b.dataset.key);
    return words.compare(a.textContent, b.textContent);
  };
  // What has nothing to compare comes last, whichever way the column is sorted.
  const says = (row, column) => !/^[\s–\u200b]*$/.test(row.cells[column].textContent);

  for (const heading of table.tHead.rows[0].cells) {
    const column = heading.cellIndex;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const next = { ascending: "descending", descending: "" }[heading.getAttribute("aria-sort")] ?? "ascending";
      for (const cell of table.tHead.rows[0].cells) cell.removeAttribute("aria-sort");
      let rows = original;
      if (next) {
        heading.setAttribute("aria-sort", next);
        const [sign, order] = [next === "ascending" ? 1 : -1, compare(column)];
        const told = original.filter((row) => says(row, column)).sort((one, other) => sign * order(one, other));
        rows = [...told, ...original.filter((row) => !says(row, column))];
      }
      body.append(...rows, ...(sum ? [sum] : []));
    });
  }
}

// Charts: an entry of the legend shows and hides its series.
for (const drawing of document.querySelectorAll(".drawing[data-series]")) {
  JSON.parse(drawing.dataset.series).forEach((label, index) => {
    const keys = drawing.querySelectorAll(`.key-${index + 1}`);
    const parts = drawing.querySelectorAll(`.series-${index + 1}`);
    if (!keys.length || !parts.length) return;
    const toggle = () => {
      const shown = keys[0].getAttribute("aria-pressed") !== "true";
      keys[0].setAttribute("aria-pressed", String(shown));
      for (const key of keys) key.classList.toggle("key-off", !shown);
      for (const part of parts) part.classList.toggle("hidden-series", !shown);
    };
    for (const [name, value] of Object.entries({ role: "button", tabindex: "0", "aria-pressed": "true", "aria-label": label })) {
      keys[0].setAttribute(name, value);
    }
    for (const key of keys) key.addEventListener("click", toggle);
    keys[0].addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle();
    });
    drawing.setAttribute("role", "group");
    drawing.querySelector("svg").removeAttribute("aria-hidden");
  });
}

// The plan by year: one year at a time, chosen by click or with the arrow keys.
for (const block of document.querySelectorAll(".by-year")) {
  const frames = block.querySelectorAll(".frame");
  const buttons = [...block.querySelectorAll(".years button")];
  const choose = (chosen) => {
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(index === chosen)));
    frames.forEach((frame, index) => (frame.hidden = index !== chosen));
  };
  buttons.forEach((button, index) => {
    button.addEventListener("click", () => choose(index));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const next = buttons[index + step];
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.click();
    });
  });
  block.querySelector(".years").hidden = buttons.length < 2;
  choose(buttons.length - 1);
}

// What is wider than the page can be scrolled with the keyboard too.
const reachable = () => {
  for (const box of document.querySelectorAll(".scroll")) {
    const name = box.closest("figure").querySelector("figcaption, caption").id;
    for (const [attribute, value] of Object.entries({ tabindex: "0", role: "region", "aria-labelledby": name })) {
      if (box.scrollWidth > box.clientWidth) box.setAttribute(attribute, value);
      else box.removeAttribute(attribute);
    }
  }
};
addEventListener("resize", reachable);
document.fonts.ready.then(reachable);

// The table of contents marks the part that is being read.
const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
const reading = new IntersectionObserver(
  (entries) => {
    const entered = entries.findLast((entry) => entry.isIntersecting);
    if (!entered) return;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(entered.target.id).setAttribute("aria-current", "true");
  },
  { rootMargin: "-10% 0px -80% 0px" },
);
for (const part of document.querySelectorAll("section.part")) reading.observe(part);
