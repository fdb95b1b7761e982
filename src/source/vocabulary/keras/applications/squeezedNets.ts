import { head } from './architectures';

/** Networks that weigh their channels (squeeze and excitation), in the way of `architectures.ts`; and the Inception network. */
const weighed = `${head}
def divisible(v):
 nearest = max(8, int(v + 4) // 8 * 8)
 return nearest + 8 if nearest < 0.9 * v else nearest
`;

/**
 * Tan and Le 2019, *EfficientNet: rethinking model scaling for convolutional neural networks*. A normalisation that has seen no
 * pictures changes nothing. Padding before a stride of 2 is that of `same`. Depths: width, depth, side and dropout.
 */
export const efficientNets = `${weighed}
import math

def spread(scale, distribution):
 from keras.initializers import VarianceScaling
 return VarianceScaling(scale=scale, mode='fan_out', distribution=distribution)

def conv(x, width, name, kernel=1, stride=1):
 start = spread(2.0, 'truncated_normal')
 return L.Conv2D(width, kernel, strides=stride, padding='same', use_bias=False, kernel_initializer=start, name=name)(x)

def settled(x, name):
 return L.BatchNormalization(name=name)(x)

def swish(x, name):
 return L.Activation('swish', name=name)(x)

def block(x, into, filters, kernel, stride, expansion, rate, name):
 y = x
 wide = into * expansion
 start = spread(2.0, 'truncated_normal')
 if expansion != 1:
  y = swish(settled(conv(y, wide, name + 'expand_conv'), name + 'expand_bn'), name + 'expand_activation')
 if stride == 2:
  y = L.Identity(name=name + 'dwconv_pad')(y)
 y = L.DepthwiseConv2D(kernel, strides=stride, padding='same', use_bias=False, depthwise_initializer=start, name=name + 'dwconv')(y)
 y = swish(settled(y, name + 'bn'), name + 'activation')
 s = L.GlobalAveragePooling2D()(y)
 s = L.Reshape((1, 1, wide))(s)
 narrow = max(1, int(into * 0.25))
 s = L.Conv2D(narrow, 1, padding='same', activation='swish', kernel_initializer=start)(s)
 s = L.Conv2D(wide, 1, padding='same', activation='sigmoid', kernel_initializer=start)(s)
 y = L.Multiply()([y, s])
 y = settled(conv(y, filters, name + 'project_conv'), name + 'project_bn')
 if stride == 1 and into == filters:
  if rate > 0:
   y = L.Dropout(rate, noise_shape=(None, 1, 1, 1), name=name + 'drop')(y)
  y = L.Add(name=name + 'add')([y, x])
 return y

def build(depths, given):
 width, depth, side, dropout = depths
 inputs = opened(given, side)
 x = L.Rescaling(1.0 / 255.0)(inputs)
 x = L.Identity(name='normalization')(x)
 x = L.Identity(name='stem_conv_pad')(x)
 x = conv(x, divisible(32 * width), 'stem_conv', 3, 2)
 x = swish(settled(x, 'stem_bn'), 'stem_activation')
 stages = [(3, 1, 32, 16, 1, 1), (3, 2, 16, 24, 6, 2), (5, 2, 24, 40, 6, 2), (3, 3, 40, 80, 6, 2), (5, 3, 80, 112, 6, 1),
       (5, 4, 112, 192, 6, 2), (3, 1, 192, 320, 6, 1)]
 total = 0
 for kernel, repeats, first, last, expansion, stride in stages:
  total = total + math.ceil(depth * repeats)
 number = 0
 stage = 1
 for kernel, repeats, first, last, expansion, stride in stages:
  into = divisible(first * width)
  out = divisible(last * width)
  for j in range(math.ceil(depth * repeats)):
   name = 'block' + str(stage) + 'abcdefghijklmnop'[j] + '_'
   x = block(x, into, out, kernel, stride if j == 0 else 1, expansion, 0.2 * number / total, name)
   into = out
   number = number + 1
  stage = stage + 1
 x = swish(settled(conv(x, divisible(1280 * width), 'top_conv'), 'top_bn'), 'top_activation')
 if given[0]:
  x = L.GlobalAveragePooling2D(name='avg_pool')(x)
  x = L.Dropout(dropout, name='top_dropout')(x)
  start = spread(1.0 / 3.0, 'uniform')
  return Model(inputs, L.Dense(given[4], activation=given[5], kernel_initializer=start, name='predictions')(x))
 return Model(inputs, closed(x, given))
`;

/** Howard et al. 2019, *Searching for MobileNetV3*. Depths: 1 for the large one. */
export const searchedNets = `${weighed}
def hard(x):
 return L.Rescaling(1.0 / 6.0)(L.ReLU(6.0)(L.Rescaling(1.0, offset=3.0)(x)))

def active(x, swish):
 return L.Multiply()([x, hard(x)]) if swish else L.ReLU()(x)

def settled(x):
 return norm(x, None, 1e-3, 0.999)

def inverted(x, into, expansion, filters, kernel, stride, weighs, swish, number):
 y = x
 wide = divisible(into * expansion)
 if number > 0:
  y = L.Conv2D(wide, 1, padding='same', use_bias=False)(y)
  y = active(settled(y), swish)
 if stride == 2:
  y = L.Identity()(y)
 y = L.DepthwiseConv2D(kernel, strides=stride, padding='same', use_bias=False)(y)
 y = active(settled(y), swish)
 if weighs:
  s = L.GlobalAveragePooling2D(keepdims=True)(y)
  s = L.ReLU()(L.Conv2D(divisible(wide * 0.25), 1, padding='same')(s))
  s = L.Conv2D(wide, 1, padding='same')(s)
  y = L.Multiply()([y, hard(s)])
 y = L.Conv2D(filters, 1, padding='same', use_bias=False)(y)
 y = settled(y)
 return L.Add()([x, y]) if stride == 1 and into == filters else y

def build(depths, given):
 large = depths[0] == 1
 inputs = opened(given, 224)
 x = L.Rescaling(1.0 / 127.5, offset=-1.0)(inputs)
 x = L.Conv2D(16, 3, strides=(2, 2), padding='same', use_bias=False)(x)
 x = active(settled(x), True)
 if large:
  rows = [(1, 16, 3, 1, 0, 0), (4, 24, 3, 2, 0, 0), (3, 24, 3, 1, 0, 0), (3, 40, 5, 2, 1, 0), (3, 40, 5, 1, 1, 0), (3, 40, 5, 1, 1, 0),
      (6, 80, 3, 2, 0, 1), (2.5, 80, 3, 1, 0, 1), (2.3, 80, 3, 1, 0, 1), (2.3, 80, 3, 1, 0, 1), (6, 112, 3, 1, 1, 1),
      (6, 112, 3, 1, 1, 1), (6, 160, 5, 2, 1, 1), (6, 160, 5, 1, 1, 1), (6, 160, 5, 1, 1, 1)]
 else:
  rows = [(1, 16, 3, 2, 1, 0), (72.0 / 16, 24, 3, 2, 0, 0), (88.0 / 24, 24, 3, 1, 0, 0), (4, 40, 5, 2, 1, 1), (6, 40, 5, 1, 1, 1),
      (6, 40, 5, 1, 1, 1), (3, 48, 5, 1, 1, 1), (3, 48, 5, 1, 1, 1), (6, 96, 5, 2, 1, 1), (6, 96, 5, 1, 1, 1), (6, 96, 5, 1, 1, 1)]
 into = 16
 number = 0
 for expansion, width, kernel, stride, weighs, swish in rows:
  out = divisible(width * given[6])
  x = inverted(x, into, expansion, out, kernel, stride, weighs == 1, swish == 1, number)
  into = out
  number = number + 1
 x = L.Conv2D(divisible(into * 6), 1, padding='same', use_bias=False)(x)
 x = active(settled(x), True)
 if given[0]:
  last = 1280 if large else 1024
  if given[6] > 1.0:
   last = divisible(last * given[6])
  classes = given[4]
  x = L.GlobalAveragePooling2D(keepdims=True)(x)
  x = active(L.Conv2D(last, 1, padding='same')(x), True)
  x = L.Dropout(0.2)(x)
  x = L.Flatten()(L.Conv2D(classes, 1, padding='same')(x))
  return Model(inputs, L.Activation(given[5])(x))
 return Model(inputs, closed(x, given))
`;

/** Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2016, *Rethinking the Inception architecture for computer vision*. */
export const inceptionNets = `${head}
def conv(x, width, rows, columns, padding='same', strides=(1, 1)):
 x = L.Conv2D(width, (rows, columns), strides=strides, padding=padding, use_bias=False)(x)
 return L.Activation('relu')(L.BatchNormalization(axis=3, scale=False)(x))

def along(x, steps):
 for width, rows, columns in steps:
  x = conv(x, width, rows, columns)
 return x

def averaged(x, width):
 return conv(L.AveragePooling2D((3, 3), strides=(1, 1), padding='same')(x), width, 1, 1)

def halved(x, width):
 return conv(x, width, 3, 3, 'valid', (2, 2))

def joined(parts, name):
 return L.Concatenate(axis=3, name=name)(parts)

def build(depths, given):
 inputs = opened(given, 299)
 x = conv(inputs, 32, 3, 3, 'valid', (2, 2))
 x = conv(conv(x, 32, 3, 3, 'valid'), 64, 3, 3)
 x = L.MaxPooling2D((3, 3), strides=(2, 2))(x)
 x = conv(conv(x, 80, 1, 1, 'valid'), 192, 3, 3, 'valid')
 x = L.MaxPooling2D((3, 3), strides=(2, 2))(x)
 number = 0
 for width in [32, 64, 64]:
  x = joined([conv(x, 64, 1, 1), along(x, [(48, 1, 1), (64, 5, 5)]), along(x, [(64, 1, 1), (96, 3, 3), (96, 3, 3)]),
       averaged(x, width)], 'mixed' + str(number))
  number = number + 1
 x = joined([halved(x, 384), halved(along(x, [(64, 1, 1), (96, 3, 3)]), 96), L.MaxPooling2D((3, 3), strides=(2, 2))(x)], 'mixed3')
 number = 4
 for w in [128, 160, 160, 192]:
  x = joined([conv(x, 192, 1, 1), along(x, [(w, 1, 1), (w, 1, 7), (192, 7, 1)]),
       along(x, [(w, 1, 1), (w, 7, 1), (w, 1, 7), (w, 7, 1), (192, 1, 7)]), averaged(x, 192)], 'mixed' + str(number))
  number = number + 1
 x = joined([halved(conv(x, 192, 1, 1), 320), halved(along(x, [(192, 1, 1), (192, 1, 7), (192, 7, 1)]), 192),
      L.MaxPooling2D((3, 3), strides=(2, 2))(x)], 'mixed8')
 for i in range(2):
  b = conv(x, 384, 1, 1)
  d = along(x, [(448, 1, 1), (384, 3, 3)])
  x = joined([conv(x, 320, 1, 1), joined([conv(b, 384, 1, 3), conv(b, 384, 3, 1)], 'mixed9_' + str(i)),
       joined([conv(d, 384, 1, 3), conv(d, 384, 3, 1)], None), averaged(x, 192)], 'mixed' + str(9 + i))
 return Model(inputs, closed(x, given))
`;
