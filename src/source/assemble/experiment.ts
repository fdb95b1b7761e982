import type { Size } from '../../graph/size';
import type { Experiment } from '../../records/experiment';
import type { Optimizer, Schedule } from '../../records/optimizer';
import type { Reason } from '../../records/source';
import { pruned } from '../interpret/dataProgram';
import type { Machine, RateTable } from '../interpret/machine';
import { unlikeSingleRow } from '../interpret/singleRows';
import type { OptimizerValue } from '../values/training';
import { tableRule } from '../values/rateTable';
import type { ParameterCell, TraceNode } from '../values/trace';
import type { Value } from '../values/value';
import { asModule, type ModuleLike } from '../vocabulary/layers/modules';
import { drawnRows, type DrawnRows } from './drawnRows';
import { handMadeOptimizers } from './handMade';
import { readLoop, trainingForward } from './loop';
import { nestOf } from './nest';
import { buildModel, type BuiltModel } from './modelGraph';
import { onlySometimes } from './onlySometimes';
import { schedulesOf } from './schedules';
import { assumptionsOf, laterTraining } from './assumptions';
import { namesOf } from './names';
import { severalBackwards, stepsForEntries } from './jointTraining';
import { entangled, partnersOf, turnsOf, turnsUnread, type PartnerParts } from './partners';
import { batchesOf, batchOrigin, rowOfNone, splitOf, validationSplit } from './splits';
import { trainedBefore } from './trainedBefore';
import { boundsElsewhere, boundsOf } from './weightBounds';
import { cellsBelow, eventsOf, unitEvents, type UnitEvents } from './unitEvents';
import { ancestors, inOrder } from './walk';

/** One Experiment for each optimizer that the script makes. */
export function experimentsOf(m: Machine): Experiment[] {
  const byHand = handMadeOptimizers(m);
  const made = [...eventsOf(m.events, 'optimizer').map((e) => e.optimizer), ...byHand.optimizers];
  const distinct = made.filter((o, i) => !made.slice(0, i).some((other) => sameUnit(other, o)));
  const names = new Map<string, number>();
  const units = distinct.map((optimizer) => {
    const events = unitEvents(byHand.events, m.trace.nodes, optimizer, distinct.length);
    return scaledLoss(m, summedLoss(m, events), byHand.lossFactors.get(optimizer) ?? 1);
  });
  const experiments = units.map((unit) => {
    const { optimizer } = unit;
    const base = optimizer.variable ?? optimizer.enclosing ?? 'training';
    const count = (names.get(base) ?? 0) + 1;
    names.set(base, count);
    return assemble(m, unit, count === 1 ? base : `${base} ${count}`, units);
  });
  return experiments.map((e) => withCallArguments(e, experiments));
}

/** Gradients of several losses add up before the step: so do the losses. */
function summedLoss(m: Machine, unit: UnitEvents): UnitEvents {
  const losses = unit.summed.flatMap((e) => e.loss ?? []);
  const [first, ...rest] = losses;
  if (!first || rest.length === 0 || losses.length !== unit.summed.length) return unit;
  return { ...unit, loss: rest.reduce((a, b) => m.trace.add('add', {}, [a, b], b.range, { call: b.call }), first) };
}

/** A factor on the gradient is one on the loss. */
function scaledLoss(m: Machine, unit: UnitEvents, factor: number): UnitEvents {
  if (factor === 1 || !unit.loss) return unit;
  const { call } = unit.optimizer;
  return {
    ...unit,
    loss: m.trace.add('multiply', {}, [unit.loss, m.trace.constant(factor, call)], unit.loss.range, { call: unit.loss.call }),
  };
}

/** The same call made again by a loop or a second call of its function, with the same rate: one unit. */
function sameUnit(a: OptimizerValue, b: OptimizerValue): boolean {
  const [p, q] = [a.call, b.call];
  if (a.path !== b.path) return false;
  if (p.path !== q.path || p.line !== q.line || p.column !== q.column) return false;
  const [x, y] = [a.learningRate?.place, b.learningRate?.place];
  return x === undefined || y === undefined || (x.line === y.line && x.column === y.column && x.path === y.path);
}

/** The call's own argument is what a fix edits where a definition serves several units. */
function withCallArguments(experiment: Experiment, all: readonly Experiment[]): Experiment {
  const rate = experiment.optimizer?.learningRate;
  const last = rate?.chain[rate.chain.length - 1];
  if (!experiment.optimizer || !rate || !last) return experiment;
  const shared = all.filter(
    (e) =>
      e.optimizer &&
      e.optimizer.learningRate.place.line === rate.place.line &&
      e.optimizer.learningRate.place.column === rate.place.column &&
      e.optimizer.learningRate.place.path === rate.place.path,
  );
  if (shared.length < 2) return experiment;
  return { ...experiment, optimizer: { ...experiment.optimizer, learningRate: { ...rate, callArgument: last } } };
}

/** Nodes that count as this unit's: below its loss, or those that its parameters lead to. */
function belongs(unit: UnitEvents): (node: TraceNode) => boolean {
  if (unit.loss) {
    const below = ancestors([unit.loss]);
    return (node) => below.has(node);
  }
  const own = new Set(unit.optimizer.groups.flatMap((g) => g.cells));
  return (node) => [...cellsBelow(node)].some((cell) => own.has(cell));
}

const tensorsOf = (value: Value): TraceNode[] =>
  value.kind === 'tensor' ? [value.node] : value.kind === 'list' ? value.items.flatMap(tensorsOf) : [];

function rootsOf(unit: UnitEvents): ModuleLike[] {
  const mine = belongs(unit);
  const roots = eventsOf(unit.all, 'forward').flatMap((e) => {
    const module = asModule(e.module);
    return module && tensorsOf(e.output).some(mine) ? [module] : [];
  });
  return [...new Set(roots)];
}

/** What the models return, without what further models make of it. */
function outputsOf(unit: UnitEvents): TraceNode[] {
  const mine = belongs(unit);
  const all = [...new Set(eventsOf(unit.all, 'forward').flatMap((e) => tensorsOf(e.output).filter(mine)))];
  const outputs = unit.loss ? all : all.slice(0, 1);
  return outputs.filter((node) => !outputs.some((other) => other !== node && ancestors([other]).has(node)));
}

function assemble(m: Machine, unit: UnitEvents, name: string, all: readonly UnitEvents[]): Experiment {
  const { optimizer } = unit;
  const unread: Reason[] = [...optimizer.problems];
  const roots = rootsOf(unit);
  const names = namesOf(m, roots);
  const { loss } = unit;
  const own = optimizer.groups.flatMap((g) => g.cells);
  const outputs = outputsOf(unit);
  const hasModel = loss !== null || outputs.length > 0;
  const others = entangled(unit, all);
  const drawn = drawnRows(m, unit, others);
  const batchSize = batchSizeOf(loss, drawn);
  const model = hasModel ? buildModel(loss, outputs, names, own, { ...drawn, batchSize }) : null;
  if (model) unread.push(...model.problems);
  if (unit.backward === null && loss === null)
    unread.push({ text: 'No `backward()` was found for this optimizer', range: optimizer.call });
  else if (unit.backward?.loss === null && unit.backward.reason) unread.push(unit.backward.reason);
  unread.push(...severalBackwards(unit), ...stepsForEntries(unit), ...onlySometimes(m, unit), ...trainedBefore(unit));
  const joint = model ? partnersOf(model, partnerParts(m, others, unit, unread)) : null;
  const sources = joint ? [...joint.inputs, ...joint.targets] : [];
  const { batch, problem } = batchOrigin(sources);
  if (problem) unread.push(problem);
  const unlike = loss ? unlikeSingleRow(inOrder(ancestors([loss]))) : null;
  if (unlike)
    unread.push({ text: 'This is not read for single rows that come without the axis of a batch', range: unlike.range });
  const training = trainingForward(unit, outputs);
  const fallback = training?.range ?? unit.backward?.range ?? optimizer.call;
  const train = joint ? (splitOf(joint.inputs, joint.targets, fallback) ?? rowOfNone(m, model, loss, fallback)) : null;
  if (model && !train && model.problems.length === 0)
    unread.push({ text: 'Where the rows come from could not be read', range: fallback });
  const validation = validationSplit(unit, training, train, m.trace.nodes);
  const read = readLoop(unit, batch, outputs);
  if (read?.problem) unread.push(read.problem);
  const { bounds, problems: unbounded } = boundsOf(unit, model?.cells ?? []);
  unread.push(...unbounded, ...boundsElsewhere([unit, ...others], model?.cells ?? []));
  if (read && !read.epochsKnown)
    unread.push(read.why ?? { text: 'The number of epochs could not be read', range: read.loop.epochs.place });
  const rateEdits = eventsOf(m.events, 'setRate').filter((e) => e.optimizer === optimizer);
  const schedules = schedulesOf(m, unit, batch, validation !== null, unread);
  const table = m.rateTables.get(optimizer);
  if (table) schedules.push(tableSchedule(table, unit, batch));
  else if (rateEdits[0])
    unread.push({ text: 'A learning rate that is set by hand during training is not followed', range: rateEdits[0].range });
  const built = optimizerOf(optimizer, model?.cells ?? []);
  if (optimizer.learningRate === null && optimizer.problems.length === 0)
    unread.push({ text: 'The learning rate could not be read', range: optimizer.call });
  const { recipe, place } = pruned(
    m.program,
    [...stepsOf(train), ...stepsOf(validation)],
    [...sizesOf(model), ...schedules.flatMap(({ lengths }) => Object.values(lengths ?? {}))],
  );
  for (const step of recipe.steps)
    if (step.kind === 'unread') unread.push({ text: step.arguments.text, range: step.range, missing: { kind: 'rows' } });
  const at = (steps: readonly number[]): number[] => steps.map((s) => place.get(s) ?? 0);
  const move = (split: typeof train) => (split ? { ...split, inputs: at(split.inputs), targets: at(split.targets) } : null);
  const parts = [
    model !== null && model.problems.length === 0,
    loss !== null,
    optimizer.settings !== null,
    optimizer.learningRate !== null,
    train !== null,
    sources.length > 0,
    read?.epochsKnown ?? false,
  ];
  return {
    unit: { name, path: m.mainPath, range: optimizer.call, framework: optimizer.framework ?? 'pytorch' },
    files: [m.mainPath, ...[...m.files.keys()].filter((path) => path !== m.mainPath), ...m.settings],
    seed: seedOf(m, optimizer),
    data: recipe,
    train: move(train),
    validation: move(validation),
    batches: train ? batchesOf(batch, fallback) : null,
    model: model?.graph ?? null,
    optimizer: built,
    schedules,
    loop: read ? { ...read.loop, ...(bounds.length > 0 ? { bounds } : {}) } : null,
    ...(joint && joint.partners.length > 0 ? { partners: joint.partners } : {}),
    assumptions: [
      ...assumptionsOf(
        m,
        unit,
        all.map(({ optimizer: one }) => one),
      ),
      // Steps that the script counts are all of them.
      ...(read?.loop.steps ? [] : laterTraining(unit, batch)),
    ],
    unread: distinctReasons(unread),
    parts: { read: parts.filter(Boolean).length, total: parts.length },
  };
}

/** The other optimizers of the loop, each read as far as it takes part in the unit's training. */
function partnerParts(m: Machine, others: readonly UnitEvents[], unit: UnitEvents, unread: Reason[]): PartnerParts[] {
  return others.flatMap((other): PartnerParts[] => {
    const turns = turnsOf(unit, other);
    const outputs = outputsOf(other);
    const cells = other.optimizer.groups.flatMap((g) => g.cells);
    const noRows = { drawn: new Map(), beside: [] };
    const batchSize = batchSizeOf(other.loss, noRows);
    const model = buildModel(other.loss, outputs, namesOf(m, rootsOf(other)), cells, { ...noRows, batchSize });
    const optimizer = optimizerOf(other.optimizer, model.cells);
    const { batch } = batchOrigin([...model.inputs, ...model.targets]);
    const read = readLoop(other, batch, outputs);
    if (!turns || !optimizer || !read || other.loss === null) {
      unread.push(other.loss === null ? (other.backward?.reason ?? turnsUnread(other)) : turnsUnread(other));
      return [];
    }
    const schedules = schedulesOf(m, other, batch, false, unread);
    const { bounds, problems } = boundsOf(other, model.cells);
    unread.push(...model.problems, ...other.optimizer.problems, ...problems, ...(read.problem ? [read.problem] : []));
    return [
      { unit: other, turns, model, optimizer, schedules, loop: { ...read.loop, ...(bounds.length > 0 ? { bounds } : {}) } },
    ];
  });
}

/** How many rows are a batch, where the script says it as a number. */
function batchSizeOf(loss: TraceNode | null, { drawn, beside }: DrawnRows): number | null {
  const sources = [...(loss ? ancestors([loss]) : []), ...beside].flatMap(({ source }) => source ?? []);
  return [...sources, ...drawn.values()].find(({ batch }) => batch !== null)?.batch?.batchSize.value ?? null;
}

/** The seed that was set last before the optimizer was made; scikit-learn's estimators have their own. */
function seedOf(m: Machine, optimizer: OptimizerValue): Experiment['seed'] {
  const seeds = eventsOf(m.events, 'seed');
  if (optimizer.framework === 'sklearn') return seeds.find((e) => e.range === optimizer.call)?.seed ?? null;
  const at = m.events.findIndex((e) => e.kind === 'optimizer' && e.optimizer === optimizer);
  const before = seeds.filter((e) => at < 0 || m.events.indexOf(e) < at);
  return (before[before.length - 1] ?? seeds[0])?.seed ?? null;
}

const stepsOf = (split: { readonly inputs: readonly number[]; readonly targets: readonly number[] } | null): number[] =>
  split ? [...split.inputs, ...split.targets] : [];

/** Every size that stands in the model: those with symbols need their data steps. */
function sizesOf(model: BuiltModel | null): Size[] {
  if (!model) return [];
  const inNodes = model.graph.nodes.map((n) => n.arguments as unknown as Size);
  return [...inNodes, ...model.graph.parameters.flatMap((p) => p.shape)];
}

function distinctReasons(reasons: readonly Reason[]): Reason[] {
  return reasons.filter(
    (r, i) =>
      reasons.findIndex((o) => o.text === r.text && o.range.line === r.range.line && o.range.column === r.range.column) === i,
  );
}

function optimizerOf(value: OptimizerValue, known: readonly ParameterCell[]): Optimizer | null {
  if (value.name === 'unsupported' || value.settings === null || value.learningRate === null) return null;
  const index = (cell: ParameterCell): number => known.indexOf(cell);
  return {
    kind: value.name,
    learningRate: value.learningRate,
    settings: value.settings,
    ...(value.form ? { form: value.form } : {}),
    maximize: value.maximize,
    call: value.call,
    name: value.nameRange,
    parametersArgument: value.parametersArgument,
    ...(value.rateName === undefined ? {} : { rateName: value.rateName }),
    ...(value.rateCall ? { rateCall: value.rateCall } : {}),
    groups: value.groups.map(({ cells, ...rest }) => ({ parameters: cells.map(index).filter((i) => i >= 0), ...rest })),
  } as Optimizer;
}

/** Rates set by hand, as a table over epochs or steps. */
function tableSchedule(table: RateTable, unit: UnitEvents, batch: Parameters<typeof nestOf>[1]): Schedule {
  const anchor = unit.backward ?? unit.step;
  const nest = anchor ? nestOf(anchor, batch) : null;
  const per = table.perStep || nest?.batch === table.loop ? 'batch' : 'epoch';
  const groups = unit.optimizer.groups.map((_, group) => table.factors.map((of) => of[group] ?? Number.NaN));
  const rule = tableRule(groups, table.endless);
  return { rule, per, range: table.range, stepCall: table.range };
}
