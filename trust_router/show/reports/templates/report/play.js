// Shows decisions and savings for another cost of a failure and another volume. Each number was
// computed where the page was made; here it is looked up, and amounts are multiplied by the volume.
(() => {
  "use strict";
  const box = document.getElementById("play");
  const { start, volume, positions } = JSON.parse(box.dataset.positions);
  const slider = document.getElementById("failure");
  const tickets = document.getElementById("volume");
  const write = (name, text) => {
    for (const cell of box.querySelectorAll(`[data-cell="${name}"]`)) cell.textContent = text;
  };

  // Three significant digits, with commas: as the rest of the page writes amounts.
  const rounded = (amount) => {
    const size = Math.abs(amount);
    if (size < 1e-8) return "0";
    const near = size.toExponential(2);
    const power = Number(near.split("e")[1]);
    const text = Number(near).toFixed(Math.max(0, 2 - power));
    const spaced = power < 3 ? text : text.replace(/\B(?=(\d{3})+$)/g, ",");
    return (amount < 0 ? "-" : "") + spaced;
  };
  const changed = (gain) => {
    const size = rounded(Math.abs(gain));
    if (size === "0") return "costs the same";
    return gain > 0 ? `saves ${size}` : `costs ${size} more`;
  };

  const draw = () => {
    const now = positions[slider.value];
    const stated = Number(tickets.value);
    const many = stated > 0 && stated <= 1e12 ? stated : volume;
    const dearest = Math.max(...now.costs);
    write("failure", now.label);
    write("threshold", now.threshold);
    const [mean, lower, upper] = now.gain ? now.gain.map((each) => many * each) : [];
    write("gain", now.gain ? changed(mean) : "\u2013");
    write("interval", now.gain ? `${rounded(lower)} to ${rounded(upper)}` : "\u2013");
    write("sure", now.sure);
    write("advised", now.advised);
    now.actions.forEach((action, i) => write(`action-${i}`, action));
    now.certainty.forEach((sure, i) => write(`certainty-${i}`, sure));
    now.costs.forEach((cost, i) => {
      write(`cost-${i}`, rounded(many * cost));
      document.getElementById(`bar-${i}`).style.width = `${(100 * cost) / dearest}%`;
    });
  };

  // A link may say where to begin: report.html#failure=8&volume=2000
  const follow = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    const failure = asked.has("failure") ? Number(asked.get("failure")) : positions[start].failure;
    const away = positions.map((each) => Math.abs(each.failure - failure));
    slider.value = Math.max(0, away.indexOf(Math.min(...away)));
    tickets.value = asked.has("volume") ? asked.get("volume") : volume;
    draw();
  };

  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details")) part.open = true;
  });
  slider.addEventListener("input", draw);
  tickets.addEventListener("input", draw);
  window.addEventListener("hashchange", follow);
  document.getElementById("controls").hidden = false;
  follow();
})();
