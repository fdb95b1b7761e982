from tensorflow import keras
from tensorflow.keras.layers import *
from tensorflow.keras.datasets import mnist
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train[..., None] / 127.5 - 1
inputs = Input((28, 28, 1))
x = Conv2D(32, 3, strides=2, padding='same')(inputs)
x = BatchNormalization()(x)
x = Activation('relu')(x)
x = SeparableConv2D(64, 3, padding='same')(x)
x = BatchNormalization()(x)
x = LeakyReLU(0.1)(x)
x = DepthwiseConv2D(3, padding='same')(x)
x = GlobalAveragePooling2D()(x)
x = GaussianNoise(0.1)(x)
outputs = Dense(10, activation='softmax')(x)
model = keras.Model(inputs, outputs)
model.compile(keras.optimizers.Adam(1e-3), loss=keras.losses.SparseCategoricalCrossentropy(), metrics=['accuracy'])
model.fit(x_train, y_train, batch_size=64, epochs=3)
