"use strict";
(() => {
  const data = JSON.parse(document.getElementById("charts").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const drawn = new Map();

  const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

  const axis = (more) => ({
    stroke: colour("muted"),
    grid: {stroke: colour("line"), width: 1},
    ticks: {stroke: colour("line"), width: 1},
    font: "12px system-ui, sans-serif",
    ...more,
  });

  const named = label => ({label, labelSize: 18, labelGap: 2, labelFont: "12px system-ui, sans-serif"});

  const grouped = number => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");

  const legend = {markers: {width: 0, fill: (plot, i) => plot.series[i].stroke(plot, i)}};

  const value = unit => (plot, v) => v == null ? "–" : v.toFixed(v < 100 ? 2 : 0) + unit;

  /** A line from top to bottom where the fault was. */
  const fault = plot => {
    const x = plot.valToPos(0, "x", true);
    const {top, height, left, width} = plot.bbox;
    if (x < left || x > left + width) {
      return;
    }
    const context = plot.ctx;
    context.save();
    context.strokeStyle = colour("failed");
    context.lineWidth = 2 * devicePixelRatio;
    context.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    context.restore();
  };

  const traffic = ({seconds, commits, written, received}, width) => ({
    options: {
      width,
      height: 240,
      legend,
      scales: {x: {time: false}, y: {range: (plot, low, high) => [0, Math.max(1, high * 1.1)]},
        wal: {range: (plot, low, high) => [0, Math.max(1, high * 1.1)]}},
      axes: [
        axis({values: (plot, ticks) => ticks.map(t => t + " s")}),
        axis({size: 46, ...named("commits a second"), values: (plot, ticks) => ticks.map(grouped)}),
        axis({scale: "wal", side: 1, size: 60, ...named("WAL"), grid: {show: false}, values: (plot, ticks) => ticks.map(t => t + " MiB")}),
      ],
      series: [
        {label: "from the fault", value: value(" s")},
        {label: "commits a second", stroke: colour("commits"), fill: colour("commits") + "22", width: 1.5, points: {show: false}, value: value("")},
        {label: "WAL written", scale: "wal", stroke: colour("written"), width: 2, points: {show: false}, value: value(" MiB")},
        {label: "received", scale: "wal", stroke: colour("received"), width: 2, dash: [5, 4], points: {show: false}, value: value(" MiB")},
      ],
      hooks: {draw: [fault]},
    },
    values: [seconds, commits, written, received],
  });

  const trend = ({labels, passed, bad, median, limit}, width) => {
    const all = y => labels.map(() => y);
    const series = [
      {label: "run", value: (plot, v) => v == null ? "–" : labels[v]},
      {label: "passed", stroke: colour("passed"), width: 2, spanGaps: true, points: {show: true, size: 7, fill: colour("passed")}, value: value(" s")},
      {label: "not passed", stroke: colour("failed"), paths: () => null, points: {show: true, size: 9, fill: colour("failed")}, value: value(" s")},
    ];
    const values = [labels.map((label, i) => i), passed, bad];
    if (median != null) {
      series.push({label: "median of the earlier", stroke: colour("muted"), width: 1, dash: [4, 4], points: {show: false}, value: value(" s")});
      values.push(all(median));
    }
    // A limit far above would press everything to the ground; it is told above.
    if (limit != null && limit < 2.5 * Math.max(...passed, ...bad)) {
      series.push({label: "limit", stroke: colour("failed"), width: 1, dash: [8, 4], points: {show: false}, value: value(" s")});
      values.push(all(limit));
    }
    return {
      options: {
        width,
        height: 240,
        legend,
        scales: {x: {time: false, range: (plot, low, high) => [-0.3, labels.length - 0.7]},
          y: {range: (plot, low, high) => [0, Math.max(0.1, high * 1.15)]}},
        axes: [
          axis({splits: () => ticks(labels, width), values: (plot, at) => at.map(i => labels[i])}),
          axis({size: 46, ...named("recovery time"), values: (plot, at) => at.map(t => t + " s")}),
        ],
        series,
      },
      values,
    };
  };

  /** As many labels as have room; the last is always there. */
  const ticks = (labels, width) => {
    const step = Math.ceil(labels.length / Math.max(2, Math.floor(width / 110)));
    const found = [];
    for (let i = labels.length - 1; i >= 0; i -= step) {
      found.unshift(i);
    }
    return found;
  };

  const draw = element => {
    const scenario = data[element.dataset.index];
    const kind = element.dataset.kind;
    const make = kind === "traffic" ? traffic : trend;
    const {options, values} = make(scenario[kind], element.clientWidth);
    drawn.get(element)?.destroy();
    drawn.set(element, new uPlot(options, values, element));
  };

  const drawIn = scenario => {
    if (scenario.open) {
      scenario.querySelectorAll(".chart").forEach(element => drawn.has(element) || draw(element));
    }
  };

  const scenarios = document.querySelectorAll("details.scenario");
  scenarios.forEach(scenario => {
    scenario.addEventListener("toggle", () => drawIn(scenario));
    drawIn(scenario);
  });

  const again = () => drawn.forEach((plot, element) => element.clientWidth > 0 && draw(element));
  dark.addEventListener("change", again);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      again();
    }
  });
  addEventListener("beforeprint", again);

  /** A link to a scenario opens it. */
  const follow = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLDetailsElement) {
      target.open = true;
    }
  };
  addEventListener("hashchange", follow);
  follow();
})();
