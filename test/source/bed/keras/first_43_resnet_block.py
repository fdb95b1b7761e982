import tensorflow as tf
from tensorflow.keras import layers, Model, Input
def res_block(x, filters, stride=1):
    shortcut = x
    y = layers.Conv2D(filters, 3, strides=stride, padding='same', use_bias=False)(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding='same', use_bias=False)(y)
    y = layers.BatchNormalization()(y)
    if stride != 1 or shortcut.shape[-1] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=stride, use_bias=False)(shortcut)
        shortcut = layers.BatchNormalization()(shortcut)
    y = layers.Add()([shortcut, y])
    return layers.ReLU()(y)
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.cifar10.load_data()
x_train = x_train.astype('float32') / 255.0
x_test = x_test.astype('float32') / 255.0
inputs = Input(shape=(32, 32, 3))
x = layers.Conv2D(16, 3, padding='same')(inputs)
for f, s in [(16, 1), (32, 2), (64, 2)]:
    x = res_block(x, f, s)
x = layers.GlobalAveragePooling2D()(x)
outputs = layers.Dense(10, activation='softmax')(x)
model = Model(inputs, outputs)
model.compile(optimizer=tf.keras.optimizers.SGD(0.1, momentum=0.9), loss='sparse_categorical_crossentropy', metrics=['acc'])
model.fit(x_train, y_train, batch_size=128, epochs=20, validation_data=(x_test, y_test))
