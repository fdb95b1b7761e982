import { vjp } from '../../graph/differentiate';
import { asFloat, inputOf, LoweringError, type LowerTable } from './lowering';

/** Derivatives inside the forward pass or the loss: the graph is closed under them, so that they are differentiated as all else. */
export const derivative: LowerTable<'derivative'> = {
  derivative: ({ node, inputs, context: { graph } }) => {
    const [y, x] = [inputOf({ node, inputs }), inputOf({ node, inputs }, 1)];
    if (x.dtype !== 'float32' && x.dtype !== 'float64')
      throw new LoweringError(`'${node.name}' is a derivative by whole numbers, which have none.`);
    const given = inputs[2];
    const weights = given === undefined ? graph.onesLike(y) : graph.broadcast(asFloat(graph, given), y.shape);
    const [made] = vjp(graph, [y], [x], [weights]);
    if (made === undefined) throw new LoweringError(`'${node.name}' could not be differentiated.`);
    return made;
  },
};
