import type { Finding } from '../../records/finding';
import { quantities, type Measurements, type QuantityName, type Series } from '../../records/measurement';
import type { UnitReport } from '../../records/report';
import type { FileReport } from '../check';
import { lineWords, type Placing } from './places';
import { lineChart, type Line } from './svg';

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const style = `
:root { color-scheme: light dark; --line: #8884; --a: #2266cc; --b: #cc5522; --c: #228844; --d: #8844aa; }
@media (prefers-color-scheme: dark) { :root { --a: #6aa5ff; --b: #ff9a66; --c: #6fcf8e; --d: #c79aff; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid var(--line); margin-top: 2rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 1.5rem; }
.finding { border-left: 4px solid var(--b); padding: 0.2rem 1rem; margin: 1rem 0; }
.information, .hint { border-color: var(--a); }
figure { margin: 0; } figcaption { font-weight: 600; }
svg { width: 100%; height: auto; } text { fill: currentColor; font-size: 12px; }
code { font-size: 0.95em; } .quiet { opacity: 0.75; }`;

/** A page that stands alone: findings, what passed, and the curves of every unit. No script, nothing loaded. */
export function formatHtml(files: readonly FileReport[], placing: Placing): string {
  const body = files
    .map((file) => `<h2>${escape(file.given)}</h2>${file.units.map((unit) => unitHtml(unit, placing)).join('')}`)
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Descent Lens</title>
<meta name="viewport" content="width=device-width"><style>${style}</style></head>
<body><h1>Descent Lens</h1>${body}</body></html>\n`;
}

function unitHtml(unit: UnitReport, placing: Placing): string {
  const { run, reason } = unit;
  const how = run
    ? `${run.steps} of ${run.ofSteps} steps, ${run.rows} of ${run.ofRows} rows, seed ${run.seed}, ${run.parameters} parameters`
    : (reason?.text ?? '');
  const findings =
    unit.findings.length > 0 ? unit.findings.map((finding) => findingHtml(finding, placing)).join('') : '<p>Nothing found.</p>';
  const undecided = unit.undecided.map(({ rule, needs }) => `<li><code>${rule}</code>: ${escape(needs)}</li>`).join('');
  return `<section><h3>${escape(unit.name)}, ${lineWords(placing(unit.range))}</h3><p class="quiet">${unit.status}${unit.standIn === true ? ', <strong>on stand-in data</strong>' : ''}: ${escape(how)}</p>
${findings}<div class="charts">${chartsOf(unit.measurements)}</div>
<p class="quiet">Passed: ${unit.passed.map((rule) => `<code>${rule}</code>`).join(', ') || 'none'}</p>
${undecided ? `<details><summary>Undecided</summary><ul>${undecided}</ul></details>` : ''}
${assumptionsHtml(unit, placing)}</section>`;
}

const assumptionsHtml = (unit: UnitReport, placing: Placing): string =>
  unit.assumptions.length === 0
    ? ''
    : `<details><summary>Assumed</summary><ul>${unit.assumptions
        .map(({ text, range }) => `<li>${lineWords(placing(range))}: ${escape(text)}</li>`)
        .join('')}</ul></details>`;

function findingHtml(finding: Finding, placing: Placing): string {
  const fixes = finding.fixes.map((fix) => {
    const tried = fix.verified;
    const verdict = tried ? `tried: ${tried.quantity} ${brief(tried.before)} → ${brief(tried.after)}` : 'not tried';
    return `<li>${escape(fix.title)} <span class="quiet">(${escape(verdict)})</span></li>`;
  });
  return `<div class="finding ${finding.severity}"><p><strong>${finding.severity}</strong> <code>${finding.rule}</code>,
${lineWords(placing(finding.range))}: ${escape(finding.message)}</p>${fixes.length > 0 ? `<ul>${fixes.join('')}</ul>` : ''}</div>`;
}

const brief = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'not finite');

/** The panel's charts, as still pictures. */
function chartsOf(measurements: Measurements): string {
  const pick = (...names: QuantityName[]): Line[] =>
    names.flatMap((name) => {
      const series = measurements[name];
      return series ? [{ title: quantities[name].title, series }] : [];
    });
  const perLayer = (name: QuantityName): Line[] =>
    Object.entries(measurements)
      .filter(([quantity]) => quantity.startsWith(`${name}/`))
      .map(([quantity, series]) => ({ title: quantity.slice(name.length + 1), series: series as Series }));
  const charts: readonly [string, Line[], 'log' | 'linear'][] = [
    ['Loss', pick('loss', 'epochLoss', 'validationLoss'), 'log'],
    ['Accuracy', pick('accuracy', 'validationAccuracy'), 'linear'],
    ['Gradient norm per parameter', perLayer('gradientNorm'), 'log'],
    ['Hessian eigenvalues and the limit of stability', pick('lambdaMax', 'lambdaMin', 'stabilityLimit'), 'linear'],
    ['Saturated units per layer', perLayer('saturated'), 'linear'],
  ];
  return charts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines, scale]) => `<figure><figcaption>${title}</figcaption>${lineChart(lines, scale, escape)}</figure>`)
    .join('');
}
