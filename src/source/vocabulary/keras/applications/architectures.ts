/**
 * The networks of keras.applications as Python that the interpreter runs on symbols: layers, their names, biases, paddings and
 * the constants of the normalisations are those of Keras 2 and 3. The last function of each family is what the catalogue calls.
 */

/** What all families share: the head, and how pictures are brought to the numbers that a family was trained on. */
export const head = `
from keras import layers as L, Input, Model

def norm(x, name, epsilon=1.001e-5, momentum=0.99):
 return L.BatchNormalization(momentum=momentum, epsilon=epsilon, name=name)(x)

def relu(x, name=None):
 return L.Activation('relu', name=name)(x)

def opened(given, side):
 include_top, input_tensor, input_shape = given[:3]
 if input_tensor is not None:
  return input_tensor
 if input_shape is not None:
  return Input(shape=input_shape)
 return Input(shape=(side, side, 3) if include_top else (None, None, 3))

def closed(x, given):
 include_top, _, _, pooling, classes, activation, _ = given
 if include_top:
  x = L.GlobalAveragePooling2D(name='avg_pool')(x)
  return L.Dense(classes, activation=activation, name='predictions')(x)
 if pooling == 'avg':
  return L.GlobalAveragePooling2D()(x)
 if pooling == 'max':
  return L.GlobalMaxPooling2D()(x)
 return x
`;

/** Simonyan and Zisserman 2015, *Very deep convolutional networks for large-scale image recognition*. */
export const vggNets = `${head}
def build(depths, given):
 inputs = opened(given, 224)
 x = inputs
 block = 1
 for width, depth in zip([64, 128, 256, 512, 512], depths):
  for i in range(depth):
   name = 'block' + str(block) + '_conv' + str(i + 1)
   x = L.Conv2D(width, (3, 3), activation='relu', padding='same', name=name)(x)
  x = L.MaxPooling2D((2, 2), strides=(2, 2), name='block' + str(block) + '_pool')(x)
  block = block + 1
 if given[0]:
  x = L.Flatten(name='flatten')(x)
  x = L.Dense(4096, activation='relu', name='fc1')(x)
  x = L.Dense(4096, activation='relu', name='fc2')(x)
  x = L.Dense(given[4], activation=given[5], name='predictions')(x)
 else:
  x = closed(x, given)
 return Model(inputs, x)
`;

/** He, Zhang, Ren and Sun 2016, *Deep residual learning for image recognition*; stride in the first 1×1 convolution. */
export const residualNets = `${head}
def residual(x, filters, stride, shortcut, name):
 if shortcut:
  beside = L.Conv2D(4 * filters, 1, strides=stride, name=name + '_0_conv')(x)
  beside = norm(beside, name + '_0_bn')
 else:
  beside = x
 x = L.Conv2D(filters, 1, strides=stride, name=name + '_1_conv')(x)
 x = relu(norm(x, name + '_1_bn'), name + '_1_relu')
 x = L.Conv2D(filters, 3, padding='same', name=name + '_2_conv')(x)
 x = relu(norm(x, name + '_2_bn'), name + '_2_relu')
 x = L.Conv2D(4 * filters, 1, name=name + '_3_conv')(x)
 x = norm(x, name + '_3_bn')
 x = L.Add(name=name + '_add')([beside, x])
 return relu(x, name + '_out')

def build(depths, given):
 inputs = opened(given, 224)
 x = L.ZeroPadding2D(((3, 3), (3, 3)), name='conv1_pad')(inputs)
 x = L.Conv2D(64, 7, strides=2, name='conv1_conv')(x)
 x = relu(norm(x, 'conv1_bn'), 'conv1_relu')
 x = L.ZeroPadding2D(((1, 1), (1, 1)), name='pool1_pad')(x)
 x = L.MaxPooling2D(3, strides=2, name='pool1_pool')(x)
 stage = 2
 for filters, depth in zip([64, 128, 256, 512], depths):
  for i in range(depth):
   stride = 2 if i == 0 and stage > 2 else 1
   x = residual(x, filters, stride, i == 0, 'conv' + str(stage) + '_block' + str(i + 1))
  stage = stage + 1
 return Model(inputs, closed(x, given))
`;

/** He, Zhang, Ren and Sun 2016, *Identity mappings in deep residual networks*. */
export const preactivatedNets = `${head}
def residual(x, filters, stride, shortcut, name):
 before = relu(norm(x, name + '_preact_bn'), name + '_preact_relu')
 if shortcut:
  beside = L.Conv2D(4 * filters, 1, strides=stride, name=name + '_0_conv')(before)
 elif stride > 1:
  beside = L.MaxPooling2D(1, strides=stride)(x)
 else:
  beside = x
 x = L.Conv2D(filters, 1, strides=1, use_bias=False, name=name + '_1_conv')(before)
 x = relu(norm(x, name + '_1_bn'), name + '_1_relu')
 x = L.ZeroPadding2D(((1, 1), (1, 1)), name=name + '_2_pad')(x)
 x = L.Conv2D(filters, 3, strides=stride, use_bias=False, name=name + '_2_conv')(x)
 x = relu(norm(x, name + '_2_bn'), name + '_2_relu')
 x = L.Conv2D(4 * filters, 1, name=name + '_3_conv')(x)
 return L.Add(name=name + '_out')([beside, x])

def build(depths, given):
 inputs = opened(given, 224)
 x = L.ZeroPadding2D(((3, 3), (3, 3)), name='conv1_pad')(inputs)
 x = L.Conv2D(64, 7, strides=2, name='conv1_conv')(x)
 x = L.ZeroPadding2D(((1, 1), (1, 1)), name='pool1_pad')(x)
 x = L.MaxPooling2D(3, strides=2, name='pool1_pool')(x)
 stage = 2
 for filters, depth in zip([64, 128, 256, 512], depths):
  for i in range(depth):
   stride = 2 if i == depth - 1 and stage < 5 else 1
   x = residual(x, filters, stride, i == 0, 'conv' + str(stage) + '_block' + str(i + 1))
  stage = stage + 1
 x = relu(norm(x, 'post_bn'), 'post_relu')
 return Model(inputs, closed(x, given))
`;

/** Sandler, Howard, Zhu, Zhmoginov and Chen 2018, *MobileNetV2: inverted residuals and linear bottlenecks*. */
export const invertedNets = `${head}
def divisible(v):
 nearest = max(8, int(v + 4) // 8 * 8)
 return nearest + 8 if nearest < 0.9 * v else nearest

def settled(x, name):
 return norm(x, name, 1e-3, 0.999)

def inverted(x, into, filters, stride, expansion, number):
 prefix = 'expanded_conv_' if number == 0 else 'block_' + str(number) + '_'
 y = x
 if number > 0:
  y = L.Conv2D(expansion * into, 1, padding='same', use_bias=False, name=prefix + 'expand')(y)
  y = L.ReLU(6.0, name=prefix + 'expand_relu')(settled(y, prefix + 'expand_BN'))
 if stride == 2:
  y = L.Identity(name=prefix + 'pad')(y)
 y = L.DepthwiseConv2D(3, strides=stride, use_bias=False, padding='same', name=prefix + 'depthwise')(y)
 y = L.ReLU(6.0, name=prefix + 'depthwise_relu')(settled(y, prefix + 'depthwise_BN'))
 y = L.Conv2D(filters, 1, padding='same', use_bias=False, name=prefix + 'project')(y)
 y = settled(y, prefix + 'project_BN')
 return L.Add(name=prefix + 'add')([x, y]) if into == filters and stride == 1 else y

def build(depths, given):
 inputs = opened(given, 224)
 into = divisible(32 * given[6])
 x = L.Conv2D(into, 3, strides=(2, 2), padding='same', use_bias=False, name='Conv1')(inputs)
 x = L.ReLU(6.0, name='Conv1_relu')(settled(x, 'bn_Conv1'))
 number = 0
 for width, stride, depth in [(16, 1, 1), (24, 2, 2), (32, 2, 3), (64, 2, 4), (96, 1, 3), (160, 2, 3), (320, 1, 1)]:
  out = divisible(int(width * given[6]))
  for i in range(depth):
   x = inverted(x, into, out, stride if i == 0 else 1, 1 if number == 0 else 6, number)
   into = out
   number = number + 1
 last = divisible(1280 * given[6]) if given[6] > 1.0 else 1280
 x = L.Conv2D(last, 1, use_bias=False, name='Conv_1')(x)
 x = L.ReLU(6.0, name='out_relu')(settled(x, 'Conv_1_bn'))
 return Model(inputs, closed(x, given))
`;

/** Huang, Liu, van der Maaten and Weinberger 2017, *Densely connected convolutional networks*. */
export const denseNets = `${head}
def unit(x, name):
 y = relu(norm(x, name + '_0_bn'), name + '_0_relu')
 y = L.Conv2D(128, 1, use_bias=False, name=name + '_1_conv')(y)
 y = relu(norm(y, name + '_1_bn'), name + '_1_relu')
 y = L.Conv2D(32, 3, padding='same', use_bias=False, name=name + '_2_conv')(y)
 return L.Concatenate(axis=3, name=name + '_concat')([x, y])

def build(depths, given):
 inputs = opened(given, 224)
 x = L.ZeroPadding2D(((3, 3), (3, 3)))(inputs)
 x = L.Conv2D(64, 7, strides=2, use_bias=False, name='conv1_conv')(x)
 x = relu(norm(x, 'conv1_bn'), 'conv1_relu')
 x = L.ZeroPadding2D(((1, 1), (1, 1)))(x)
 x = L.MaxPooling2D(3, strides=2, name='pool1')(x)
 width = 64
 for stage in range(4):
  for i in range(depths[stage]):
   x = unit(x, 'conv' + str(stage + 2) + '_block' + str(i + 1))
  width = width + 32 * depths[stage]
  if stage < 3:
   name = 'pool' + str(stage + 2)
   x = relu(norm(x, name + '_bn'), name + '_relu')
   width = width // 2
   x = L.Conv2D(width, 1, use_bias=False, name=name + '_conv')(x)
   x = L.AveragePooling2D(2, strides=2, name=name + '_pool')(x)
 x = relu(norm(x, 'bn'), 'relu')
 return Model(inputs, closed(x, given))
`;

/** Chollet 2017, *Xception: deep learning with depthwise separable convolutions*. */
export const separableNets = `${head}
def sep(x, width, name):
 x = L.SeparableConv2D(width, (3, 3), padding='same', use_bias=False, name=name)(x)
 return L.BatchNormalization(name=name + '_bn')(x)

def beside(x, width):
 return L.BatchNormalization()(L.Conv2D(width, (1, 1), strides=(2, 2), padding='same', use_bias=False)(x))

def build(depths, given):
 inputs = opened(given, 299)
 x = L.Conv2D(32, (3, 3), strides=(2, 2), use_bias=False, name='block1_conv1')(inputs)
 x = relu(L.BatchNormalization(name='block1_conv1_bn')(x))
 x = L.Conv2D(64, (3, 3), use_bias=False, name='block1_conv2')(x)
 x = relu(L.BatchNormalization(name='block1_conv2_bn')(x))
 number = 2
 for first, width in [(128, 128), (256, 256), (728, 728)]:
  name = 'block' + str(number)
  residual = beside(x, width)
  x = sep(x if number == 2 else relu(x), first, name + '_sepconv1')
  x = sep(relu(x), width, name + '_sepconv2')
  x = L.MaxPooling2D((3, 3), strides=(2, 2), padding='same', name=name + '_pool')(x)
  x = L.Add()([x, residual])
  number = number + 1
 for i in range(8):
  name = 'block' + str(i + 5)
  y = sep(relu(x), 728, name + '_sepconv1')
  y = sep(relu(y), 728, name + '_sepconv2')
  y = sep(relu(y), 728, name + '_sepconv3')
  x = L.Add()([y, x])
 residual = beside(x, 1024)
 x = sep(relu(x), 728, 'block13_sepconv1')
 x = sep(relu(x), 1024, 'block13_sepconv2')
 x = L.MaxPooling2D((3, 3), strides=(2, 2), padding='same', name='block13_pool')(x)
 x = L.Add()([x, residual])
 x = relu(sep(x, 1536, 'block14_sepconv1'))
 x = relu(sep(x, 2048, 'block14_sepconv2'))
 return Model(inputs, closed(x, given))
`;

/** Howard et al. 2017, *MobileNets: efficient convolutional neural networks for mobile vision applications*. */
export const mobileNets = `${head}
def unit(x, width, stride, number):
 if stride == 2:
  x = L.ZeroPadding2D(((0, 1), (0, 1)), name='conv_pad_' + str(number))(x)
 padding = 'same' if stride == 1 else 'valid'
 x = L.DepthwiseConv2D((3, 3), padding=padding, strides=stride, use_bias=False, name='conv_dw_' + str(number))(x)
 x = L.ReLU(6.0)(L.BatchNormalization(axis=3)(x))
 x = L.Conv2D(width, (1, 1), padding='same', use_bias=False, name='conv_pw_' + str(number))(x)
 return L.ReLU(6.0)(L.BatchNormalization(axis=3)(x))

def build(depths, given):
 inputs = opened(given, 224)
 x = L.Conv2D(int(32 * given[6]), (3, 3), padding='same', use_bias=False, strides=(2, 2), name='conv1')(inputs)
 x = L.ReLU(6.0)(L.BatchNormalization(axis=3)(x))
 number = 1
 for width, stride in zip([64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024],
       [1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1]):
  x = unit(x, int(width * given[6]), stride, number)
  number = number + 1
 classes = given[4]
 if given[0]:
  x = L.GlobalAveragePooling2D(keepdims=True)(x)
  x = L.Dropout(1e-3)(x)
  x = L.Conv2D(classes, (1, 1), padding='same')(x)
  return Model(inputs, L.Activation(given[5])(L.Reshape((classes,))(x)))
 return Model(inputs, closed(x, given))
`;
