"use strict";
(() => {
  const doc = document, root = doc.documentElement;
  root.classList.add("js");
  const all = (pattern, from = doc) => [...from.querySelectorAll(pattern)];
  const main = doc.getElementById("main");

  // One page at a time, by the address's fragment.
  const show = () => {
    if (!main.hasAttribute("data-many")) return;
    let target = null;
    try { target = doc.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { /* not an address of ours */ }
    const page = target?.closest(".page") || (location.hash && doc.querySelector(".page.current")) || doc.querySelector(".page");
    const changed = !page.classList.contains("current");
    for (const other of all(".page")) other.classList.toggle("current", other === page);
    for (const link of all("nav a")) {
      if (link.hash === "#" + page.id) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (!location.hash) return;
    if (target && target !== page && target !== main) target.scrollIntoView();
    else if (changed) scrollTo(0, 0);
    if (changed) main.focus({ preventScroll: true });
  };
  addEventListener("hashchange", show);

  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const filter = (form) => {
    const table = doc.getElementById(form.dataset.filters);
    const words = plain(form.elements.text.value).split(/\s+/).filter(Boolean);
    const wanted = all("select", form).filter((choice) => choice.selectedIndex > 0);
    let count = 0;
    for (const body of table.tBodies) {
      let any = false;
      for (const row of all("tr:not(.group)", body)) {
        const text = plain(row.textContent);
        const fits = words.every((word) => text.includes(word)) &&
          wanted.every((choice) => row.dataset[choice.name].split("\n").includes(choice.value));
        row.hidden = !fits;
        any ||= fits;
        count += fits;
      }
      body.hidden = !any;
    }
    form.querySelector("output").textContent = words.length || wanted.length ? count + " shown" : "";
  };

  const sort = (table, column, header) => {
    const down = header.getAttribute("aria-sort") === "ascending";
    for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
    const value = (row) => row.cells[column].dataset.v ?? "";
    const order = header.dataset.sort === "number" ? (a, b) => value(a) - value(b)
      : (a, b) => value(a).localeCompare(value(b));
    for (const body of table.tBodies) {
      body.append(...all("tr:not(.group)", body).sort((a, b) => (down ? order(b, a) : order(a, b))));
    }
  };

  const copy = async (button) => {
    const text = button.dataset.copy;
    try { await navigator.clipboard.writeText(text); } catch {
      const box = doc.createElement("textarea");
      box.value = text; doc.body.append(box); box.select(); doc.execCommand("copy"); box.remove(); button.focus();
    }
    const shown = button.textContent;
    button.textContent = "copied";
    setTimeout(() => { button.textContent = shown; }, 900);
  };

  const highlight = (node) => {
    const drawing = node.closest("svg"), own = node.dataset.n, near = new Set([own]);
    for (const edge of all("[data-e]", drawing)) {
      const ends = edge.dataset.e.split(" ");
      edge.classList.toggle("near", ends.includes(own));
      if (ends.includes(own)) ends.forEach((end) => near.add(end));
    }
    for (const other of all(".node", drawing)) other.classList.toggle("near", near.has(other.dataset.n));
    drawing.classList.add("on");
  };
  const calm = (node) => {
    const drawing = node.closest("svg");
    drawing.classList.remove("on");
    for (const part of all(".near", drawing)) part.classList.remove("near");
  };

  // What a server may swap in later is prepared by the same function.
  const prepare = (from) => {
    for (const header of all("th[data-sort]", from)) {
      if (header.querySelector("button")) continue;
      const button = doc.createElement("button");
      button.type = "button";
      button.append(...header.childNodes);
      header.append(button);
    }
    for (const code of all("code.at", from)) {
      const button = doc.createElement("button");
      button.type = "button"; button.className = "at"; button.textContent = code.textContent;
      const page = code.closest(".page").querySelector(".head code.at, .head button.at");
      const place = code.textContent.startsWith(":") && page ? page.textContent.replace(/:\d+$/, "") + code.textContent : code.textContent;
      button.dataset.copy = place; button.setAttribute("aria-label", "Copy " + place); button.title = "Copy " + place;
      code.replaceWith(button);
    }
  };

  doc.addEventListener("input", (event) => {
    const box = event.target, form = box.closest("[data-filters]");
    if (form) { filter(form); return; }
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    const fits = (part) => words.every((word) => plain(part.textContent).includes(word));
    if (box.dataset.find) for (const part of doc.getElementById(box.dataset.find).children) part.hidden = !fits(part);
    if (box.dataset.graph) {
      for (const node of all(".node", doc.getElementById(box.dataset.graph))) node.classList.toggle("found", words.length > 0 && fits(node));
    }
  });
  doc.addEventListener("submit", (event) => event.preventDefault());
  doc.addEventListener("click", (event) => {
    const header = event.target.closest("th[data-sort]"), button = event.target.closest("button.at");
    if (header) sort(header.closest("table"), header.cellIndex, header);
    if (button) copy(button);
  });
  for (const [kind, act] of [["mouseover", highlight], ["focusin", highlight], ["mouseout", calm], ["focusout", calm]]) {
    doc.addEventListener(kind, (event) => { const node = event.target.closest?.(".node"); if (node) act(node); });
  }
  addEventListener("beforeprint", () => { for (const part of all("details:not([open])")) part.open = true; });
  prepare(doc);
  show();
  globalThis.graphkit = { prepare, filter: () => all("[data-filters]").forEach(filter) };
})();
