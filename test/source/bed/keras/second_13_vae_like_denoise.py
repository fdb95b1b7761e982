import numpy as np
from tensorflow.keras import layers, Model, Input
from tensorflow.keras.datasets import fashion_mnist
(x_train, _), (x_test, _) = fashion_mnist.load_data()
x_train = x_train.astype('float32') / 255.
x_train = np.expand_dims(x_train, axis=-1)
inp = Input(shape=(28, 28, 1))
x = layers.Conv2D(16, (3, 3), activation='relu', padding='same', strides=2)(inp)
x = layers.Conv2D(8, (3, 3), activation='relu', padding='same', strides=2)(x)
x = layers.Conv2DTranspose(8, kernel_size=3, strides=2, activation='relu', padding='same')(x)
x = layers.Conv2DTranspose(16, kernel_size=3, strides=2, activation='relu', padding='same')(x)
out = layers.Conv2D(1, kernel_size=(3, 3), activation='sigmoid', padding='same')(x)
ae = Model(inp, out)
ae.compile(optimizer='adam', loss='mse')
ae.fit(x_train, x_train, epochs=10, shuffle=True)
