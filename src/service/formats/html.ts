import { trialChange } from '../../protocol/trialWords';
import type { Finding } from '../../records/finding';
import { quantities, type QuantityName } from '../../records/measurement';
import type { UnitReport } from '../../records/report';
import type { FileReport } from '../check';
import { lineWords, type Placing } from './places';
import { inspectionHtml } from '../../../webview/report/inspectionHtml';
import { measurementsHtml } from '../../../webview/report/measurementsHtml';
import { escaped, Palette } from '../../../webview/report/svgPen';

const light =
  '--ground: #ffffff; --text: #1f1f1f; --muted: #5f5f5f; --grid: #3b3b3b; --blue: #1466cc; --green: #2e7d32; --yellow: #9a7000; --orange: #c2570c; --red: #c62828; --purple: #652d90; --soft: #8884;';
const dark =
  '--ground: #1b1b1b; --text: #d8d8d8; --muted: #a0a0a0; --grid: #cccccc; --blue: #4da0ff; --green: #89d185; --yellow: #d7b13a; --orange: #e8953c; --red: #f2716b; --purple: #bd94dd; --soft: #8884;';

const style = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
@media print { :root { color-scheme: light; ${light} } body { font-size: 11px; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; background: var(--ground); color: var(--text); }
section { border-top: 1px solid var(--soft); margin-top: 2rem; }
h4, h5 { margin: 1.5rem 0 0.5rem; } h4 { font-size: 1.1rem; } h5 { font-size: 1rem; color: var(--muted); } h6 { font-size: 1rem; margin: 0; }
.charts, .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 1.5rem; align-items: start; }
.finding { border-left: 4px solid var(--orange); padding: 0.2rem 1rem; margin: 1rem 0; }
.error { border-color: var(--red); } .information, .hint { border-color: var(--blue); }
figure, .card { margin: 0; min-width: 0; break-inside: avoid; } figcaption { font-weight: 600; } figure p { margin: 0.25rem 0; }
.card ul { margin: 0.4rem 0; padding-left: 1.2rem; } .card dl { margin: 0.4rem 0; display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; }
dt { color: var(--muted); } dd { margin: 0; } .sub { font-weight: 600; margin: 0.4rem 0 0; }
svg { width: 100%; height: auto; } svg.swatch { width: 20px; height: 10px; } text { fill: currentColor; font-size: 11px; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; font-size: 0.9em; }
code { font-size: 0.95em; overflow-wrap: anywhere; } .quiet { color: var(--muted); font-size: 0.93em; }
@media (max-width: 40rem) { .card dl { grid-template-columns: 1fr; } dd { margin-bottom: 0.3rem; } }`;

/** A page that stands alone: findings, what passed, the curves of every unit and the loss surface at one point of it. No script, nothing loaded. */
export function formatHtml(files: readonly FileReport[], placing: Placing): string {
  const palette = new Palette();
  const pictures = (file: FileReport, unit: UnitReport): string => {
    const log = file.surfaces?.get(unit.name);
    const curves = `<div class="charts">${measurementsHtml(unit.measurements, palette)}</div>`;
    return `${curves}${log ? inspectionHtml(log, palette) : ''}`;
  };
  const body = files
    .map(
      (file) =>
        `<h2>${escaped(file.given)}</h2>${file.units.map((unit) => unitHtml(unit, placing, pictures(file, unit))).join('')}`,
    )
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Descent Lens</title>
<meta name="viewport" content="width=device-width"><style>${style}
${palette.style}</style></head>
<body><h1>Descent Lens</h1>${body}</body></html>\n`;
}

function unitHtml(unit: UnitReport, placing: Placing, pictures: string): string {
  const { run, reason } = unit;
  const how = run
    ? `${run.steps} of ${run.ofSteps} steps, ${run.rows} of ${run.ofRows} rows, seed ${run.seed}, ${run.parameters} parameters`
    : (reason?.text ?? '');
  const findings =
    unit.findings.length > 0 ? unit.findings.map((finding) => findingHtml(finding, placing)).join('') : '<p>Nothing found.</p>';
  const undecided = unit.undecided.map(({ rule, needs }) => `<li><code>${rule}</code>: ${escaped(needs)}</li>`).join('');
  return `<section><h3>${escaped(unit.name)}, ${lineWords(placing(unit.range))}</h3><p class="quiet">${unit.status}${unit.standIn === true ? ', <strong>on stand-in data</strong>' : ''}: ${escaped(how)}</p>
${findings}${pictures}
<p class="quiet">Passed: ${unit.passed.map((rule) => `<code>${rule}</code>`).join(', ') || 'none'}</p>
${undecided ? `<details><summary>Undecided</summary><ul>${undecided}</ul></details>` : ''}
${assumptionsHtml(unit, placing)}</section>`;
}

const assumptionsHtml = (unit: UnitReport, placing: Placing): string =>
  unit.assumptions.length === 0
    ? ''
    : `<details><summary>Assumed</summary><ul>${unit.assumptions
        .map(({ text, range }) => `<li>${lineWords(placing(range))}: ${escaped(text)}</li>`)
        .join('')}</ul></details>`;

function findingHtml(finding: Finding, placing: Placing): string {
  const fixes = finding.fixes.map((fix) => {
    const tried = fix.verified;
    const verdict = tried ? `tried: ${trialChange(tried, tried.quantity, brief)}` : 'not tried';
    return `<li>${escaped(fix.title)} <span class="quiet">(${escaped(verdict)})</span></li>`;
  });
  return `<div class="finding ${finding.severity}"><p><strong>${finding.severity}</strong> <code>${finding.rule}</code>,
${lineWords(placing(finding.range))}: ${escaped(finding.message)}</p>${evidenceHtml(finding)}${fixes.length > 0 ? `<ul>${fixes.join('')}</ul>` : ''}</div>`;
}

/** What was measured, with its error where it is an estimate, and the limit that it broke. */
function evidenceHtml({ evidence }: Finding): string {
  const told = evidence.map(({ quantity, step, value, error, limit, unit }) => {
    const [name = '', ...part] = quantity.split('/');
    const title = [name in quantities ? quantities[name as QuantityName].title : name, ...part].join(', ');
    const within = error === undefined ? '' : ` ± ${brief(Number(error.toPrecision(2)))}`;
    const against = limit === undefined ? '' : `, limit ${brief(limit)}`;
    const at = name in quantities ? ` at step ${step}` : '';
    return `${title} ${brief(value)}${within} ${unit}${against}${at}`;
  });
  return told.length === 0 ? '' : `<p class="quiet">Measured: ${escaped(told.join('; '))}</p>`;
}

const brief = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'not finite');
