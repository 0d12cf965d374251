// Curves: fetched as numbers, drawn by uPlot, followed while the run goes on.
'use strict';

(() => {
const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const control = id => document.getElementById(id);

// Exponential moving average without its bias at the start, as TensorBoard draws it.
const smooth = (values, weight) => {
  let last = 0;
  let seen = 0;
  return values.map(v => {
    if (v === null) return null;
    last = last * weight + (1 - weight) * v;
    seen++;
    return last / (1 - Math.pow(weight, seen));
  });
};

const short = v => v === null || v === undefined ? '–'
  : v !== 0 && (Math.abs(v) < 0.001 || Math.abs(v) >= 1e6) ? v.toExponential(2) : String(+v.toPrecision(4));

class Plot {
  constructor(figure) {
    this.figure = figure;
    this.place = figure.querySelector('.canvas');
    figure.querySelector('[data-all]').addEventListener('click', () => this.whole());
    figure.querySelector('[data-png]').addEventListener('click', () => this.png());
    this.place.addEventListener('keydown', e => this.key(e));
  }

  async load() {
    const reply = await fetch(this.figure.dataset.curves);
    if (!reply.ok) return;
    const text = await reply.text();
    if (text !== this.text) {
      this.text = text;
      this.curves = JSON.parse(text);
      this.draw();
    }
  }

  data() {
    const weight = this.curves.exact ? 0 : Number(control('smoothing').value);
    const rows = [this.curves.steps];
    for (const s of this.curves.series) rows.push(s.values, weight ? smooth(s.values, weight) : s.values);
    return rows;
  }

  draw() {
    const log = this.curves.log && control('logarithmic').checked
      && this.curves.series.every(s => s.values.every(v => v === null || v > 0));
    const zoom = this.plot && this.zoomed ? { ...this.plot.scales.x } : null;
    if (this.plot) this.plot.destroy();
    const axis = { stroke: css('--soft'), grid: { stroke: css('--hair'), width: 1 }, ticks: { stroke: css('--hair') } };
    const series = [{ label: 'step' }];
    this.curves.series.forEach((s, i) => {
      const colour = css('--s' + i % 6);
      series.push({ label: s.name + ', each', stroke: colour + '55', width: 1, value: (u, v) => short(v), points: { show: false } });
      series.push({ label: s.name, stroke: colour, width: 2, value: (u, v) => short(v), points: { show: false }, dash: i < 6 ? [] : [6, 4] });
    });
    this.plot = new uPlot({
      width: this.place.clientWidth,
      height: 240,
      series,
      scales: { x: { time: false }, y: { distr: log ? 3 : 1 } },
      axes: [{ ...axis }, { ...axis, size: 64, values: (u, ticks) => ticks.map(v => v === null ? '' : short(v)) }],
      cursor: { drag: { x: true, y: false } },
      hooks: { setSelect: [() => { this.zoomed = true; }] },
    }, this.data(), this.place);
    this.plot.over.addEventListener('dblclick', () => { this.zoomed = false; });
    if (zoom) this.plot.setScale('x', { min: zoom.min, max: zoom.max });
  }

  whole() {
    this.zoomed = false;
    const steps = this.curves.steps;
    this.plot.setScale('x', { min: steps[0], max: steps[steps.length - 1] });
  }

  key(event) {
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === 'Escape') this.whole();
    if (move === undefined) return;
    event.preventDefault();
    const steps = this.curves.steps;
    this.at = Math.min(steps.length - 1, Math.max(0, (this.at ?? 0) + move));
    const left = this.plot.valToPos(steps[this.at], 'x');
    this.plot.setCursor({ left, top: this.plot.over.clientHeight / 2 });
    say('step ' + steps[this.at] + ': ' + this.curves.series.map(s => s.name + ' ' + short(s.values[this.at])).join(', '));
  }

  png() {
    const from = this.plot.ctx.canvas;
    const to = document.createElement('canvas');
    to.width = from.width;
    to.height = from.height;
    const context = to.getContext('2d');
    context.fillStyle = css('--paper');
    context.fillRect(0, 0, to.width, to.height);
    context.drawImage(from, 0, 0);
    to.toBlob(blob => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = this.figure.querySelector('b').textContent.toLowerCase().replaceAll(' ', '-') + '.png';
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }
}

const plots = [...document.querySelectorAll('[data-curves]')].map(figure => new Plot(figure));
plots.forEach(plot => plot.load());
if (plots.length) {
  const redraw = () => plots.forEach(plot => plot.curves && plot.draw());
  control('smoothing').addEventListener('input', redraw);
  control('logarithmic').addEventListener('change', redraw);
  window.addEventListener('resize', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  setInterval(() => {
    if (document.querySelector('.going') && !document.hidden) plots.forEach(plot => plot.load());
  }, EVERY);
}
})();
