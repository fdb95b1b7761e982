import type { Handler } from '../../interpret/call';
import { unreadable } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/**
 * Parameters in millions, and billions of multiply-adds for one image of the usual size, as torchvision's documentation
 * lists them for its pretrained weights.
 */
// prettier-ignore
const sizes: Readonly<Record<string, readonly [parameters: number, multiplyAdds: number]>> = {
  resnext50_32x4d: [25.0, 4.23], wide_resnet50_2: [68.9, 11.4],
  densenet121: [8.0, 2.83], densenet161: [28.7, 7.73], densenet169: [14.1, 3.36], densenet201: [20.0, 4.29],
  googlenet: [6.6, 1.5], inception_v3: [27.2, 5.71],
  squeezenet1_0: [1.2, 0.82], squeezenet1_1: [1.2, 0.35],
  mobilenet_v3_small: [2.5, 0.06], mobilenet_v3_large: [5.5, 0.22], shufflenet_v2_x1_0: [2.3, 0.14], mnasnet1_0: [4.4, 0.31],
  efficientnet_b0: [5.3, 0.39], efficientnet_b1: [7.8, 0.69], efficientnet_b2: [9.1, 1.09], efficientnet_b7: [66.3, 37.75],
  convnext_tiny: [28.6, 4.46], convnext_base: [88.6, 15.36], vit_b_16: [86.6, 17.56], vit_b_32: [88.2, 4.41], swin_t: [28.3, 4.49],
};

/** Multiply-adds of one step: forward and about twice that backward, for a batch of 32. */
const stepFactor = 3 * 32;

const tooBig =
  (name: string, parameters: number, multiplyAdds: number): Handler =>
  (call) =>
    unreadable(
      `torchvision's ${name} is too big to train here: ${parameters} M parameters, about ${multiplyAdds} G multiply-adds forward for one image ` +
        `of the usual size and ${Math.round(multiplyAdds * stepFactor)} G for a step of 32. Rules that need only the text still hold`,
      call.range,
    );

/** Models of torchvision that are named with their size and not built. */
export const torchvisionModelTable: FunctionTable = Object.fromEntries(
  Object.entries(sizes).map(([name, [parameters, multiplyAdds]]) => [
    `torchvision.models.${name}`,
    tooBig(name, parameters, multiplyAdds),
  ]),
);
