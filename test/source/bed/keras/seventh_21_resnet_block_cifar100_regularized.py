import tensorflow as tf
from tensorflow.keras import layers, regularizers, Model

weight_decay = 5e-4

def conv_bn(x, filters, strides=1):
    x = layers.Conv2D(filters, 3, strides=strides, padding='same', use_bias=False,
                      kernel_initializer='he_normal', kernel_regularizer=regularizers.l2(weight_decay))(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)

def block(x, filters, strides=1):
    shortcut = x
    y = layers.ReLU()(conv_bn(x, filters, strides))
    y = conv_bn(y, filters)
    if strides != 1 or x.shape[-1] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, padding='same', use_bias=False,
                                 kernel_initializer='he_normal', kernel_regularizer=regularizers.l2(weight_decay))(x)
        shortcut = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(shortcut)
    return layers.ReLU()(layers.add([y, shortcut]))

def resnet(input_shape=(32, 32, 3), n=3, num_classes=100):
    inputs = layers.Input(input_shape)
    x = layers.ReLU()(conv_bn(inputs, 16))
    for filters, strides in [(16, 1), (32, 2), (64, 2)]:
        for i in range(n):
            x = block(x, filters, strides if i == 0 else 1)
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(num_classes, kernel_initializer='he_normal')(x)
    return Model(inputs, outputs)

(x_train, y_train), (x_test, y_test) = tf.keras.datasets.cifar100.load_data()
mean, std = x_train.mean(axis=(0, 1, 2)), x_train.std(axis=(0, 1, 2))
x_train = ((x_train - mean) / std).astype('float32')
x_test = ((x_test - mean) / std).astype('float32')

BATCH = 128
def augment(image, label):
    image = tf.image.resize_with_crop_or_pad(image, 40, 40)
    image = tf.image.random_crop(image, (32, 32, 3))
    image = tf.image.random_flip_left_right(image)
    return image, label

train = (tf.data.Dataset.from_tensor_slices((x_train, y_train))
         .shuffle(50000).map(augment, num_parallel_calls=tf.data.AUTOTUNE)
         .batch(BATCH, drop_remainder=True).prefetch(tf.data.AUTOTUNE))
test = tf.data.Dataset.from_tensor_slices((x_test, y_test)).batch(BATCH)
steps = len(x_train) // BATCH
lr = tf.keras.optimizers.schedules.PiecewiseConstantDecay([100 * steps, 150 * steps], [0.1, 0.01, 0.001])
model = resnet()
model.compile(optimizer=tf.keras.optimizers.SGD(lr, momentum=0.9, nesterov=True),
              loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=['accuracy'])
model.fit(train, epochs=200, validation_data=test)
