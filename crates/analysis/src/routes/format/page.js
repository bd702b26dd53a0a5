// Search, the list of upstreams, and what a URL comes to. Without this script, the page shows the same.
(() => {
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const get = (id) => document.getElementById(id);
  const find = get("find"), url = get("url"), shown = get("shown"), decided = get("decided");
  const sites = all(".site").map((site) => ({
    site,
    name: site.getAttribute("aria-label").toLowerCase(),
    routes: all("li.route", site).map((line) => ({ line, text: line.textContent.toLowerCase() })),
  }));
  const count = sites.reduce((sum, { routes }) => sum + routes.length, 0);

  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const { site, name, routes } of sites) {
      let any = false;
      for (const { line, text } of routes) {
        const fits = words.every((word) => name.includes(word) || text.includes(word));
        line.hidden = !fits;
        any ||= fits;
        left += fits;
      }
      site.hidden = !any;
    }
    for (const one of all(".upstreams li, .sites li")) {
      const text = one.textContent.toLowerCase();
      one.hidden = !words.every((word) => text.includes(word));
    }
    document.body.classList.toggle("filtered", words.length > 0);
    shown.textContent = words.length ? `${left} of ${count} routes` : "";
  };

  // Whether the words of a matcher take a path: true, false, or undefined where the page does not know.
  const takes = (matchers, path) => {
    if (matchers === "*") return true;
    const patterns = matchers.split(" ");
    if (!patterns.every((pattern) => /^[/*]/.test(pattern) && !/[{[\\%?]/.test(pattern))) return undefined;
    return patterns.some((pattern) => {
      const inside = pattern.toLowerCase();
      const [first, last] = [inside.startsWith("*"), inside.length > 1 && inside.endsWith("*")];
      const middle = inside.slice(first ? 1 : 0, last ? -1 : undefined);
      if (middle.includes("*")) return undefined;
      if (first && last) return path.includes(middle);
      if (first) return path.endsWith(middle);
      return last ? path.startsWith(middle) : path === inside;
    });
  };

  // How well a site's address fits: 3 for its name, 2 for a wildcard, 1 for any host, 0 for another one.
  const rank = (address, asked) => {
    const plain = address.startsWith("http://");
    const rest = address.replace(/^https?:\/\//, "");
    const [, host, port] = rest.match(/^(.*?)(?::(\d+))?$/);
    const own = port || (plain ? "80" : "443");
    if (own !== (asked.port || (asked.protocol === "http:" ? "80" : "443"))) return 0;
    if (host === "" || host === "*") return 1;
    if (host.toLowerCase() === asked.hostname) return 3;
    const labels = [host.toLowerCase().split("."), asked.hostname.split(".")];
    const fits = labels[0].length === labels[1].length && labels[0].every((label, at) => label === "*" || label === labels[1][at]);
    return fits ? 2 : 0;
  };

  const decide = () => {
    all(".found").forEach((one) => one.classList.remove("found"));
    decided.replaceChildren();
    let asked;
    try {
      asked = new URL(/^https?:\/\//.test(url.value) ? url.value : `https://${url.value}`);
    } catch {
      if (url.value) decided.textContent = "This is not a URL.";
      return;
    }
    if (!url.value) return;
    const best = sites
      .map((one) => [Math.max(...one.name.split(", ").map((address) => rank(address, asked))), one])
      .reduce((a, b) => (b[0] > a[0] ? b : a), [0, null])[1];
    if (!best) {
      decided.textContent = "No site has this host and port.";
      return;
    }
    let path = asked.pathname;
    try {
      path = decodeURIComponent(path);
    } catch {
      decided.textContent = "The path has an escape that stands for no text.";
      return;
    }
    path = path.replace(/\/+/g, "/").toLowerCase();
    const perhaps = [];
    let answer;
    for (const { line } of best.routes) {
      if (line.classList.contains("dead") || line.dataset.phase) continue;
      const fits = takes(line.querySelector(".match").textContent, path);
      if (fits === false || line.dataset.ends === "never") {
        if (fits !== false && line.dataset.changes) perhaps.push(line);
        continue;
      }
      if (fits && line.dataset.ends === "always") {
        answer = line;
        break;
      }
      perhaps.push(line);
    }
    const words = (line) => `${line.querySelector(".match").textContent} → ${line.querySelector(".to").textContent}`;
    const say = (text, line) => {
      const item = document.createElement("div");
      item.textContent = `${text} ${words(line)}`;
      decided.append(item);
      line.classList.add("found");
    };
    perhaps.forEach((line) => say(line.dataset.changes ? "may change the request first:" : "if it matches:", line));
    if (answer) say(perhaps.length ? "otherwise:" : "is answered by:", answer);
    else decided.append(perhaps.length ? "otherwise no route answers" : "no route answers: 200, empty");
    (answer || perhaps[0])?.scrollIntoView({ block: "nearest" });
  };

  // All that leads to one upstream lights up with it.
  const light = (event) => {
    const name = event.target.closest?.("[data-u]")?.dataset.u;
    all(".lit").forEach((one) => one.classList.remove("lit"));
    if (!name) return;
    for (const one of all("[data-u]")) {
      if (one.dataset.u === name) (one.closest("li") || one).classList.add("lit");
    }
  };
  addEventListener("mouseover", light);
  addEventListener("focusin", light);
  addEventListener("click", (event) => {
    const button = event.target.closest("button[data-u]");
    if (!button) return;
    find.value = button.dataset.u;
    filter();
    find.scrollIntoView({ block: "center" });
  });
  find.addEventListener("input", filter);
  url.addEventListener("input", decide);
  get("tools").hidden = false;
})();
