import type { Tensor } from '../../graph/operations';
import { ancestors, dependents } from '../../graph/traverse';
import type { Emission } from './emission';
import { Names } from './emission';
import { emit, outputNames } from './emit';
import type { ValueType } from './messages';
import { graphMessage, modelBytes } from './messages';
import type { Message } from './protobuf';
import type { Wire } from './program';
import { smallestFirst, valueOf } from './program';
import type { LoopProgram } from './runtime';

/** A model whose one Loop takes the steps. */
export interface LoopModel {
  readonly bytes: Uint8Array;
  /** Name of the input that holds the number of steps (int64 scalar). */
  readonly steps: string;
  readonly state: readonly { readonly port: string; readonly input: ValueType; readonly output: ValueType }[];
  readonly perStep: readonly Wire[];
  readonly constants: readonly Wire[];
  /** The first size of their values is the number of steps of the call. */
  readonly outputs: readonly Wire[];
}

/** The ONNX model of a loop, `block` as in `buildModel`. What no state and no step changes is computed once, before it. */
export function buildLoopModel(program: LoopProgram, block: number | null = null): LoopModel {
  const names = new Names(block);
  const steps = names.next();
  const results = [...program.state.map(({ next }) => next), ...program.outputs.map(({ tensor }) => tensor)];
  const sources = [...program.state.map(({ current }) => current), ...program.perStep.map(({ tensor }) => tensor)];
  const fixed = program.constants.map(({ tensor }) => tensor);
  const ordered = ancestors(results, new Set([...sources, ...fixed]));
  const needed = new Set(ordered);
  const moving = dependents(ordered, sources);

  const state = program.state.map(({ name, current }) => ({ port: name, input: valueOf(names.next(), current) }));
  const perStep = program.perStep
    .filter(({ tensor }) => needed.has(tensor))
    .map(({ name, tensor }) => ({ tensor, port: name, value: valueOf(names.next(), tensor, [program.maxSteps]) }));
  const constants = program.constants
    .filter(({ tensor }) => needed.has(tensor))
    .map(({ name, tensor }) => ({ tensor, port: name, value: valueOf(names.next(), tensor) }));

  const outer = emit(names, [], new Map(constants.map(({ tensor, value }) => [tensor, value.name])));
  const body = buildBody(names, program, perStep, results, (tensor) => (moving.has(tensor) ? null : outer.name(tensor)));
  const made = emitLoop(
    outer,
    steps,
    state.map(({ input }) => input.name),
    results.length,
    body,
  );
  const finals = program.state.map(({ next }, place) => valueOf(made[place] ?? '', next));
  const outputs = program.outputs.map(({ name, tensor }, place) => ({
    port: name,
    value: valueOf(made[program.state.length + place] ?? '', tensor, ['steps']),
  }));
  const graph = graphMessage('loop', {
    nodes: outer.nodes,
    initializers: outer.initializers,
    inputs: [
      { name: steps, dtype: 'int64', shape: [] },
      ...state.map(({ input }) => input),
      ...[...perStep, ...constants].map(({ value }) => value),
    ],
    outputs: smallestFirst([...finals, ...outputs.map(({ value }) => value)]),
  });
  return {
    bytes: modelBytes(graph, block !== null),
    steps,
    state: state.map((entry, place) => ({ ...entry, output: finals[place] ?? entry.input })),
    perStep,
    constants,
    outputs,
  };
}

function emitLoop(outer: Emission, steps: string, state: readonly string[], results: number, body: Message): readonly string[] {
  return outer.ops('Loop', [steps, '', ...state], results, { body: { graph: body } });
}

/** Body: (iteration, condition, state …) → (condition, next state …, recorded …). */
function buildBody(
  names: Names,
  program: LoopProgram,
  perStep: readonly { readonly tensor: Tensor; readonly value: ValueType }[],
  results: readonly Tensor[],
  elsewhere: (tensor: Tensor) => string | null,
): Message {
  const iteration: ValueType = { name: names.next(), dtype: 'int64', shape: [] };
  const condition: ValueType = { name: names.next(), dtype: 'bool', shape: [] };
  const current = program.state.map(({ current }) => valueOf(names.next(), current));
  const given = new Map<Tensor, string>(program.state.map(({ current: tensor }, place) => [tensor, current[place]?.name ?? '']));
  const rows = perStep.map(({ tensor, value }) => ({ tensor, stack: value.name, name: names.next() }));
  for (const { tensor, name } of rows) given.set(tensor, name);
  const emission = emit(names, results, given, elsewhere, (e) => {
    for (const { stack, name } of rows) e.named('Gather', [stack, iteration.name], name, { axis: { int: 0 } });
  });
  const resultNames = outputNames(emission, results);
  const goOn = emission.op('Identity', [condition.name]);
  return graphMessage('body', {
    nodes: emission.nodes,
    initializers: emission.initializers,
    inputs: [iteration, condition, ...current],
    outputs: [{ ...condition, name: goOn }, ...results.map((tensor, place) => valueOf(resultNames[place] ?? '', tensor))],
  });
}
