import { Arguments, type Call, type Handler } from '../../interpret/call';
import { isTensorLike, lifted } from '../../interpret/tensors';
import type { TraceNode } from '../../values/trace';
import { listValue, tensorValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

const nodesOf = (value: Value, call: Call): readonly (TraceNode | null)[] =>
  (value.kind === 'list' ? value.items : [value]).map((item) =>
    isTensorLike(item) ? lifted(call.machine, item, call.range) : null,
  );

/** `torch.autograd.grad(outputs, inputs, grad_outputs)`: one derivative for each input. */
const grad: Handler = (call) => {
  const a = new Arguments(call, 'outputs inputs grad_outputs retain_graph create_graph only_inputs allow_unused');
  const m = call.machine;
  const [outputs, inputs] = [a.value('outputs') ?? unknown, a.value('inputs') ?? unknown];
  const [y, ...others] = nodesOf(outputs, call);
  const [weights] = a.given('grad_outputs') ? nodesOf(a.value('grad_outputs') ?? unknown, call) : [];
  if (outputs.kind === 'unknown' && outputs.reason) return outputs;
  if (!y || others.length > 0 || weights === null) return unreadable('What is differentiated here could not be read', call.range);
  const keeps = a.boolean('create_graph', false);
  const made = nodesOf(inputs, call).map((x): Value => {
    if (!x) return unreadable('By what is differentiated here could not be read', call.range);
    const node = m.trace.add('derivative', {}, weights ? [y, x, weights] : [y, x], call.range);
    return tensorValue(keeps ? node : m.trace.stopped(node, call.range));
  });
  return listValue(made, 'tuple', call.range);
};

/** Derivatives that a script takes itself. */
export const derivativeTable: FunctionTable = { 'torch.autograd.grad': grad };
